"""Parts of pages that Streamlit lacks: each a folder with its script, its style and one function to mount it."""
