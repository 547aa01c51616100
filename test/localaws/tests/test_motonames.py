"""What this project uses inside moto is there, and only one module of it uses that."""

from __future__ import annotations

import re
import subprocess
import sys
import unittest
from pathlib import Path

from server import motonames

SERVER = Path(motonames.__file__).parent


class MotoNames(unittest.TestCase):
    def test_the_installed_moto_has_all_of_them(self) -> None:
        command = [sys.executable, "-m", "server.motonames"]
        check = subprocess.run(command, cwd=SERVER.parent, capture_output=True, text=True)
        self.assertEqual((check.returncode, check.stderr), (0, ""), "see README.md")

    def test_what_is_missing_is_named(self) -> None:
        names = {"Lost": "moto.s3.models.Lost", "Kept": "moto.s3.models.S3Backend"}
        members = {"moto.sqs.models.SQSBackend": "queues lost", "moto.sqs.models": "gone"}
        self.assertEqual(
            motonames.missing(names, members),
            ["moto.s3.models.Lost", "moto.sqs.models.gone", "moto.sqs.models.SQSBackend.lost"],
        )

    def test_no_other_module_imports_moto(self) -> None:
        importing = [
            str(file.relative_to(SERVER))
            for file in sorted(SERVER.rglob("*.py"))
            if re.search(r"^\s*(from|import) moto\b", file.read_text(encoding="utf-8"), re.MULTILINE)
        ]
        self.assertEqual(importing, [])


if __name__ == "__main__":
    unittest.main()
