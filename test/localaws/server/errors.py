"""Errors a resource provider may raise, and how they read in a stack event."""

from __future__ import annotations

from botocore.exceptions import ClientError, ParamValidationError


class ProviderError(Exception):
    """A resource operation that AWS would refuse.

    ``code`` is the CloudFormation handler error code, so that a reader can tell a name that
    is taken (AlreadyExists) from a reference that leads nowhere (NotFound).
    """

    code = "GeneralServiceException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyExists(ProviderError):
    """The thing to create is there already, whoever made it."""

    code = "AlreadyExists"


class NotFound(ProviderError):
    """Something the resource refers to is missing."""

    code = "NotFound"

    def __init__(self, message: str) -> None:
        super().__init__(f"EntityNotFoundException: {message}")


class InvalidRequest(ProviderError):
    """The properties are wrong in themselves."""

    code = "InvalidRequest"


class NotUpdatable(ProviderError):
    """The property cannot change on a live resource."""

    code = "NotUpdatable"


class UnsupportedType(ProviderError):
    """The resource type has no provider; deploying it would prove nothing."""

    code = "UnsupportedType"


def handler_code(error: BaseException) -> str:
    """The handler error code CloudFormation would show for error."""
    if isinstance(error, ProviderError):
        return error.code
    if isinstance(error, ParamValidationError):
        return "InvalidRequest"
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if "AlreadyExist" in code or "AlreadyOwned" in code:
            return "AlreadyExists"
        if "NotFound" in code or "NoSuch" in code or "NotExist" in code:
            return "NotFound"
        if "Invalid" in code or "Validation" in code:
            return "InvalidRequest"
    return "GeneralServiceException"


def reason(error: BaseException) -> str:
    """The status reason of a failed resource."""
    if isinstance(error, UnsupportedType):
        return error.message
    text = str(error) or type(error).__name__
    if not isinstance(error, (ProviderError, ClientError, ParamValidationError)):
        text = f"{type(error).__name__}: {text}"
    return f'Resource handler returned message: "{text}" (HandlerErrorCode: {handler_code(error)})'
