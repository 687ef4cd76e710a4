"""CODIS common message format: specimens with their loci and alleles, in XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from convenio.core.errors import InputError
from convenio.core.words import _

NAMESPACE = "urn:CODISImportFile-schema"


@dataclass
class Specimen:
    """One specimen.

    Args:
        id: specimen id.
        category: e.g. `Unidentified Person`, `Relative`.
        profile: locus to genotype.
    """

    id: str
    category: str = ""
    profile: dict[str, str] = field(default_factory=dict)


def read_cmf(path: Path) -> list[Specimen]:
    """Read a CODIS import file.

    Raises:
        InputError: it is no XML, no CODIS file, or a specimen has no id.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        document = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError) as error:
        raise InputError(_("this is no XML: {why}", why=str(error)), where=path.name) from error
    root = document.getroot()
    if getattr(document.docinfo, "doctype", ""):
        raise InputError(_("a CODIS file has no document type"), where=path.name)
    if _local(root) != "CODISImportFile":
        raise InputError(
            _("this is no CODIS file: it begins with {name}", name=_local(root)),
            where=path.name,
            advice=_("expected is the element CODISImportFile"),
        )
    specimens = (element for element in root.iter() if _local(element) == "SPECIMEN")
    found = [_specimen(element, f"{path.name}, line {element.sourceline}") for element in specimens]
    if not found:
        raise InputError(_("the file holds no specimen"), where=path.name)
    return found


def _specimen(element: etree._Element, where: str) -> Specimen:
    found = Specimen("")
    for child in element:
        name = _local(child)
        if name == "SPECIMENID":
            found.id = (child.text or "").strip()
        elif name == "SPECIMENCATEGORY":
            found.category = (child.text or "").strip()
        elif name == "LOCUS":
            _locus(child, found, where)
    if not found.id:
        raise InputError(_("a specimen has no id"), where=where)
    return found


def _locus(element: etree._Element, specimen: Specimen, where: str) -> None:
    locus, alleles = "", []
    for each in element.iter():
        if _local(each) == "LOCUSNAME":
            locus = (each.text or "").strip()
        elif _local(each) == "ALLELEVALUE" and each.text:
            alleles.append(each.text.strip())
    if not locus:
        raise InputError(_("a locus has no name"), where=f"{where}, {specimen.id}")
    if len(alleles) > 2:
        raise InputError(
            _("three alleles at one locus: {alleles}", alleles=", ".join(alleles)),
            where=f"{where}, {specimen.id}, {locus}",
            advice=_("a mixture, a duplication or a typing error: leave the locus out or correct it, and say so"),
        )
    text = "/".join(alleles)
    if locus in specimen.profile and specimen.profile[locus] != text:
        raise InputError(
            _(
                "{locus} was typed {number} times, differently: {genotypes}",
                locus=locus,
                number=2,
                genotypes=f"{specimen.profile[locus]}, {text}",
            ),
            where=f"{where}, {specimen.id}",
            advice=_("decide which typing holds and leave the others out"),
            kept=_("nothing was read"),
        )
    if text:
        specimen.profile[locus] = text


def write_cmf(
    specimens: Iterable[tuple[str, str, Mapping[str, str]]], *, source: str, destination: str, when: str
) -> bytes:
    """A CODIS import file.

    Args:
        specimens: id, category and profile of each.
        source: identifier of the laboratory that sends (ORI).
        destination: identifier of the laboratory that receives (ORI).
        when: date and time of the message, ISO 8601.
    """
    names: Any = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}CODISImportFile", nsmap=names)
    for name, text in (
        ("HEADERVERSION", "3.2"),
        ("MESSAGETYPE", "Import"),
        ("DESTINATIONORI", destination),
        ("SOURCELAB", source),
        ("SUBMITBYUSERID", "convenio"),
        ("SUBMITDATETIME", when),
    ):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = text
    for id_, category, profile in specimens:
        specimen = etree.SubElement(root, f"{{{NAMESPACE}}}SPECIMEN", SOURCEID="no", PARTIAL="false")
        etree.SubElement(specimen, f"{{{NAMESPACE}}}SPECIMENID").text = id_
        etree.SubElement(specimen, f"{{{NAMESPACE}}}SPECIMENCATEGORY").text = category
        for locus, genotype in profile.items():
            held = etree.SubElement(specimen, f"{{{NAMESPACE}}}LOCUS")
            etree.SubElement(held, f"{{{NAMESPACE}}}LOCUSNAME").text = locus
            for allele in genotype.split("/"):
                value = etree.SubElement(held, f"{{{NAMESPACE}}}ALLELE")
                etree.SubElement(value, f"{{{NAMESPACE}}}ALLELEVALUE").text = allele
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _local(element: etree._Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
