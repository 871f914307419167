"""The desk served: pages, health, metrics, read API and personal links behind one guard."""
