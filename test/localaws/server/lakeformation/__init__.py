"""A Lake Formation that keeps enough to read the governance of a lake back.

Laid out like a moto service (models, responses, urls), and put in the place of moto's.
"""
