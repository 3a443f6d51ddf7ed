"""Makes the documentation's generated pages and the site: `python -m scripts.docs reference`, `... site`."""
