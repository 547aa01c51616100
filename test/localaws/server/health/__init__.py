"""AWS HealthLake and AWS HealthImaging: their APIs, stores, jobs and events.

moto has neither. Jobs really read their input from S3 and write their results there; nothing is
indexed, no FHIR search and no image frame is served. Delays and failures follow the script of
the test (scripts).
"""
