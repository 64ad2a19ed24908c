"""An .ofd file (GB/T 33190-2016): what its pages draw, put in order by where it stands.

Watermarks, annotations, stamps and signatures are no text of the notice and left out.
"""

from policyparse.document import Document
from policyparse.errors import ReadError
from policyparse.readers import layout
from policyparse.readers.archive import open_archive
from policyparse.readers.layer import Layer
from policyparse.readers.ofd.package import pages


def read(raw: bytes, name: str) -> Document:
    """The text layer of all documents in the package, their paragraphs whole.

    Raises ReadError for a file that is damaged, protected, larger than any notice, or without any text.
    """
    found = pages(open_archive(raw, name), name)
    if not any(page.glyphs for page in found):
        raise ReadError(f"{name}: no text, only pictures; get it as a Word file, or save it as PDF to recognise it")
    layer = Layer()
    layout.write(layout.sheets(found, name), layer)
    return layer.document("ofd")
