"""What a roster delivers, costs and asks of people; plans side by side."""

from staffing.evaluation.comparison import Comparison, compare
from staffing.evaluation.evaluate import Evaluation, evaluate
from staffing.evaluation.measures import MEASURES, Measure
from staffing.evaluation.rollup import ALL_QUEUES

__all__ = ["ALL_QUEUES", "MEASURES", "Comparison", "Evaluation", "Measure", "compare", "evaluate"]
