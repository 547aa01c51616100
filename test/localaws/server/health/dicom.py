"""Just enough DICOM: the text elements at the head of a Part 10 file."""

from __future__ import annotations

import struct

# The elements an image set shows, by tag (PS3.6).
NAMES = {
    0x00080016: "SOPClassUID",
    0x00080018: "SOPInstanceUID",
    0x00080020: "StudyDate",
    0x00080030: "StudyTime",
    0x00080050: "AccessionNumber",
    0x00080060: "Modality",
    0x00081030: "StudyDescription",
    0x0008103E: "SeriesDescription",
    0x00100010: "PatientName",
    0x00100020: "PatientID",
    0x00100030: "PatientBirthDate",
    0x00100040: "PatientSex",
    0x00180015: "BodyPartExamined",
    0x0020000D: "StudyInstanceUID",
    0x0020000E: "SeriesInstanceUID",
    0x00200010: "StudyID",
    0x00200011: "SeriesNumber",
    0x00200013: "InstanceNumber",
}

_REQUIRED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")

# These value representations have a 32 bit length (PS3.5, 7.1.2).
_LONG = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}

_PIXELS = 0x7FE00010


def read(body: bytes) -> dict[str, str]:
    """The named elements of a file in an explicit little endian syntax.

    ValueError says why a file is no such file, or which identifier it lacks.
    """
    if body[128:132] != b"DICM":
        raise ValueError("not a DICOM Part 10 file: the DICM prefix is missing")
    found: dict[str, str] = {}
    position = 132
    while position + 8 <= len(body):
        group, element, kind = struct.unpack_from("<HH2s", body, position)
        tag = group << 16 | element
        if tag >= _PIXELS:
            break
        if kind in _LONG:
            size = struct.unpack_from("<I", body, position + 8)[0]
            position += 12
        else:
            size = struct.unpack_from("<H", body, position + 6)[0]
            position += 8
        if size == 0xFFFFFFFF or position + size > len(body):
            raise ValueError(f"element {tag:08X} is cut short or of undefined length")
        if tag in NAMES:
            found[NAMES[tag]] = body[position : position + size].decode("latin-1").strip("\0 ")
        position += size
    missing = [name for name in _REQUIRED if not found.get(name)]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
    return found
