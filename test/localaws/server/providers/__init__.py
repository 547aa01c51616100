"""The resource providers, one module per area. Importing this package registers them all."""

from . import athena, audit, glue, health, iam, kms, lakeformation, lambdas, messaging, misc, s3

__all__ = [
    "athena",
    "audit",
    "glue",
    "health",
    "iam",
    "kms",
    "lakeformation",
    "lambdas",
    "messaging",
    "misc",
    "s3",
]
