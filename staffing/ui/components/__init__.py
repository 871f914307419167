"""Parts of pages that Streamlit does not have: each a folder with its script, its style and one function to mount it."""
