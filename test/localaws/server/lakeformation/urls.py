"""The paths of the Lake Formation API: one per operation."""

from .responses import OPERATIONS, LakeFormationResponse

url_bases = [r"https?://lakeformation\.(.+)\.amazonaws\.com"]

url_paths = {f"{{0}}/{name}$": LakeFormationResponse.dispatch for name in OPERATIONS}
