"""The screens: HTTP, wiring, pages. The only room that knows Dash, Flask, Plotly and Flask-Caching."""
