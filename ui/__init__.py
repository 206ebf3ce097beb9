"""The Streamlit app: one file a page, components and services shared by them."""
