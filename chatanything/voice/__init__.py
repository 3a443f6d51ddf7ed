"""Voice: a description becomes a voice (`match`), a text becomes timed speech (`speech`).

`align` finds the words and phones of recordings; `backends` holds the engines.
"""
