"""What pydicom 3.0.2 makes of each DICOM file of a folder: python pydicom_answers.py FOLDER > answers.json

Facts of the header, and the SHA-256 of the stored values as unsigned 16-bit words, little-endian, where it decodes one frame of
one sample. GDCM decodes what pydicom does not decode itself.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy
import pydicom

warnings.simplefilter("ignore")


def answer(path):
    try:
        data = pydicom.dcmread(path)
    except Exception as error:  # noqa: BLE001 - whatever it says is the answer
        return {"read": f"{type(error).__name__}"}
    found = {"read": "whole"}
    if "PixelData" not in data:
        return found | {"pixels": "none"}
    words = ["PhotometricInterpretation", "BitsAllocated", "BitsStored", "PixelRepresentation", "SamplesPerPixel"]
    found |= {word: str(data.get(word)) for word in words}
    found["NumberOfFrames"] = str(data.get("NumberOfFrames", 1))
    found["TransferSyntaxUID"] = str(getattr(data.file_meta, "TransferSyntaxUID", "none"))
    try:
        pixels = data.pixel_array
    except Exception as error:  # noqa: BLE001
        return found | {"pixels": type(error).__name__}
    found["shape"] = list(pixels.shape)
    if pixels.ndim == 2 and pixels.dtype.kind == "u" and pixels.itemsize <= 2:
        words16 = numpy.ascontiguousarray(pixels.astype("<u2"))
        found["sha256"] = hashlib.sha256(words16.tobytes()).hexdigest()
    return found


folder = Path(sys.argv[1])
print(json.dumps({path.name: answer(path) for path in sorted(folder.glob("*.dcm"))}, indent=1))
