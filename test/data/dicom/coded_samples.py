"""Makes coded_samples.json: one small picture of 8 and one of 12 bits, coded by DCMTK (lossless JPEG), Pillow (JPEG 2000) and pydicom
(RLE), as base64: python coded_samples.py > coded_samples.json. Value i of row r, column c is (r * 37 + c * 11 + r * c) % 2^bits.
"""

import base64
import io
import json
import subprocess
import tempfile
from pathlib import Path

import numpy
import pydicom
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import generate_frames
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

HEIGHT, WIDTH = 7, 9


def picture(bits):
    row, column = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    values = (row * 37 + column * 11 + row * column) * (1 if bits == 8 else 53) % 2**bits
    return values.astype("<u1" if bits == 8 else "<u2")


def dataset(bits):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.Rows, data.Columns, data.SamplesPerPixel = HEIGHT, WIDTH, 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = (8 if bits == 8 else 16), bits, bits - 1, 0
    pixels = picture(bits).tobytes()
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB" if bits == 8 else "OW"
    return data


def frame_of(data):
    return base64.b64encode(next(generate_frames(data.PixelData, number_of_frames=1))).decode()


def coded(bits, folder):
    plain = folder / f"{bits}.dcm"
    dataset(bits).save_as(plain, enforce_file_format=True)
    found = {}
    for name, option in [("57", "+el"), ("70", "+e1")]:
        out = folder / f"{bits}-{name}.dcm"
        subprocess.run(["dcmcjpeg", option, "+un", str(plain), str(out)], check=True)
        found[f"1.2.840.10008.1.2.4.{name}"] = frame_of(pydicom.dcmread(out))
    stream = io.BytesIO()
    Image.fromarray(picture(bits)).save(stream, "JPEG2000", no_jp2=True, irreversible=False, num_resolutions=2)
    found["1.2.840.10008.1.2.4.90"] = base64.b64encode(stream.getvalue()).decode()
    rle = dataset(bits)
    rle.compress(RLELossless)
    found["1.2.840.10008.1.2.5"] = frame_of(rle)
    return found


with tempfile.TemporaryDirectory() as name:
    print(json.dumps({str(bits): coded(bits, Path(name)) for bits in (8, 12)}, indent=1))
