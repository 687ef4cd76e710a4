"""Lists in every form they are published in, and what happens when they are broken."""

import json

import pytest

from convenio.core.errors import InputError
from convenio.programs.finance.schema import ListedName, ListEntry
from convenio.programs.finance.sources.ftm import as_ftm
from convenio.programs.finance.sources.reading import read_list, read_lists

ADVANCED = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">
  <DateOfIssue><Year>2026</Year><Month>1</Month><Day>2</Day></DateOfIssue>
  <ReferenceValueSets>
    <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
    <CountryValues><Country ID="11139">Mexico</Country></CountryValues>
    <DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
    <FeatureTypeValues>
      <FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="9">Place of Birth</FeatureType>
      <FeatureType ID="224">Gender</FeatureType><FeatureType ID="25">Location</FeatureType>
      <FeatureType ID="10">Nationality Country</FeatureType>
    </FeatureTypeValues>
    <IDRegDocTypeValues><IDRegDocType ID="1608">C.U.R.P.</IDRegDocType></IDRegDocTypeValues>
    <LocPartTypeValues><LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
    <NamePartTypeValues>
      <NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
    </NamePartTypeValues>
    <PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
    <PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues>
    <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
  </ReferenceValueSets>
  <Locations>
    <Location ID="1"><LocationCountry CountryID="11139" />
      <LocationPart LocPartTypeID="1454"><LocationPartValue><Value>Ciudad Inventada</Value></LocationPartValue>
      </LocationPart></Location>
  </Locations>
  <IDRegDocuments>
    <IDRegDocument ID="1" IDRegDocTypeID="1608" IdentityID="77" IssuedBy-CountryID="11139">
      <IDRegistrationNo>QUZJ500101HSLNZSX0</IDRegistrationNo></IDRegDocument>
  </IDRegDocuments>
  <DistinctParties>
    <DistinctParty FixedRef="90001"><Profile ID="90001" PartySubTypeID="4">
      <Identity ID="77" Primary="true">
        <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="1">
          <DocumentedNamePart><NamePartValue NamePartGroupID="2">Jesus Ramon</NamePartValue></DocumentedNamePart>
          <DocumentedNamePart><NamePartValue NamePartGroupID="1">QUINTERO ZAZUETA</NamePartValue></DocumentedNamePart>
        </DocumentedName></Alias>
        <Alias AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="2">
          <DocumentedNamePart><NamePartValue NamePartGroupID="2">EL INVENTADO</NamePartValue></DocumentedNamePart>
        </DocumentedName></Alias>
        <NamePartGroups>
          <MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1520" /></MasterNamePartGroup>
          <MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="1521" /></MasterNamePartGroup>
        </NamePartGroups>
      </Identity>
      <Feature ID="1" FeatureTypeID="8"><FeatureVersion ID="1"><DatePeriod>
        <Start Approximate="true"><From><Year>1950</Year><Month>1</Month><Day>1</Day></From></Start>
        <End Approximate="true"><To><Year>1950</Year><Month>12</Month><Day>31</Day></To></End>
      </DatePeriod></FeatureVersion></Feature>
      <Feature ID="2" FeatureTypeID="9"><FeatureVersion ID="2"><VersionDetail>Culiacan, Sinaloa, Mexico</VersionDetail>
      </FeatureVersion></Feature>
      <Feature ID="3" FeatureTypeID="224"><FeatureVersion ID="3"><VersionDetail DetailReferenceID="91526" />
      </FeatureVersion></Feature>
      <Feature ID="4" FeatureTypeID="25"><FeatureVersion ID="4"><VersionLocation LocationID="1" /></FeatureVersion>
      </Feature>
    </Profile></DistinctParty>
  </DistinctParties>
  <SanctionsEntries>
    <SanctionsEntry ID="5" ProfileID="90001" ListID="1550">
      <EntryEvent ID="5"><Date><Year>2026</Year><Month>1</Month><Day>2</Day></Date></EntryEvent>
      <SanctionsMeasure ID="5" SanctionsTypeID="1"><Comment>EXAMPLE</Comment></SanctionsMeasure>
    </SanctionsEntry>
  </SanctionsEntries>
</Sanctions>
"""
UN = """<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-01-02T00:00:00Z">
  <INDIVIDUALS><INDIVIDUAL>
    <DATAID>6900001</DATAID><FIRST_NAME>JESUS</FIRST_NAME><SECOND_NAME>QUINTERO</SECOND_NAME>
    <THIRD_NAME>ZAZUETA</THIRD_NAME><UN_LIST_TYPE>Example</UN_LIST_TYPE>
    <REFERENCE_NUMBER>EXi.001</REFERENCE_NUMBER><LISTED_ON>2026-01-02</LISTED_ON><GENDER>Male</GENDER>
    <NATIONALITY><VALUE>Mexico</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Chuy Quintero; J. Quintero Z.</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>El Inventado</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1950</FROM_YEAR><TO_YEAR>1952</TO_YEAR>
    </INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Culiacan</CITY><STATE_PROVINCE>Sinaloa</STATE_PROVINCE><COUNTRY>Mexico</COUNTRY>
    </INDIVIDUAL_PLACE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X0000001</NUMBER></INDIVIDUAL_DOCUMENT>
  </INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY>
    <DATAID>6900002</DATAID><FIRST_NAME>ZORRIVAS TRADING</FIRST_NAME><UN_LIST_TYPE>Example</UN_LIST_TYPE>
    <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Zorrivas Exports</ALIAS_NAME></ENTITY_ALIAS>
  </ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""
HEADINGS_69B = "No,RFC,Nombre del Contribuyente,Situación del contribuyente," + ",".join(f"c{at}" for at in range(16))


def written(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def list_69b(folder, *rows):
    text = "\n".join(("Información al 2 de enero", "Listado completo (Artículo 69-B del CFF)", HEADINGS_69B, *rows))
    return written(folder, "69b.csv", text, "latin-1")


def test_the_advanced_form_gives_names_by_part_dates_places_and_numbers(tmp_path):
    found = read_list(written(tmp_path, "sdn_advanced.xml", ADVANCED))
    (entry,) = found.entries
    assert (found.source, entry.id, entry.kind, entry.programmes) == ("ofac_sdn", "90001", "person", ("EXAMPLE",))
    assert [(each.name, each.type, each.weak) for each in entry.names] == [
        ("QUINTERO ZAZUETA, Jesus Ramon", "primary", False),
        ("EL INVENTADO", "aka", True),
    ]
    assert [str(each) for each in entry.birth_dates] == ["~1950"]
    assert entry.birth_places == ("Culiacan, Sinaloa, Mexico",)
    assert entry.gender == "male"
    assert entry.identified_by("curp") == ("QUZJ500101HSLNZSX0",)
    assert entry.addresses[0].city == "Ciudad Inventada"
    assert entry.dates == ("2026-01-02",)


def test_the_united_nations_list(tmp_path):
    found = read_list(written(tmp_path, "consolidated.xml", UN))
    person, company = found.entries
    assert person.name == "JESUS QUINTERO ZAZUETA"
    assert [each.name for each in person.names[1:]] == ["Chuy Quintero", "J. Quintero Z.", "El Inventado"]
    assert [each.weak for each in person.names] == [False, False, False, True]
    assert [str(each) for each in person.birth_dates] == ["1950-01-01/1952-12-31"]
    assert person.identified_by("passport") == ("X0000001",)
    assert (company.kind, company.names[1].type) == ("company", "fka")


def test_the_tax_list_in_latin_1_with_its_states(tmp_path):
    path = list_69b(
        tmp_path,
        '1,ZOR900101Z12,"ZORRIVAS PEÑÓN, S.A.",Presunto' + "," * 16,
        '2,XXXXXXXXXXXX,"BORRADA, S.C.",Definitivo' + "," * 16,
        "3,QUZJ500101Z12,JESUS QUINTERO ZAZUETA,Sentencia Favorable" + "," * 16,
    )
    found = read_list(path)
    assert [each.state for each in found.entries] == ["presumed", "definitive", "favourable_ruling"]
    assert found.entries[0].name == "ZORRIVAS PEÑÓN, S.A."
    assert [each.kind for each in found.entries] == ["company", "company", "person"]
    assert "1" in str(found.warnings[0])


def test_a_blocked_persons_table_with_headings_in_spanish(tmp_path):
    text = (
        "Folio;Nombre completo;Alias;CURP;Fecha de nacimiento;Fecha de baja\n"
        "1;Jesús Quintero Zazueta;Chuy Quintero|El Inventado;QUZJ500101HSLNZSX0;01/01/1950;\n"
        "2;Ana Gil Paz;;;;2025-03-04\n"
    )
    found = read_list(written(tmp_path, "bloqueados.csv", text))
    (entry,) = found.entries
    assert [each.name for each in entry.names] == ["Jesús Quintero Zazueta", "Chuy Quintero", "El Inventado"]
    assert str(entry.birth_dates[0]) == "1950-01-01"
    assert "1" in str(found.warnings[0])


def test_followthemoney_goes_out_and_comes_back(tmp_path):
    entries = read_list(written(tmp_path, "consolidated.xml", UN)).entries
    path = written(tmp_path, "list.ftm.json", "\n".join(as_ftm(entries)))
    back = read_list(path)
    assert back.source == "un_sc"
    assert [each.id for each in back.entries] == [each.id for each in entries]
    assert {each.name for each in back.entries[0].names} == {each.name for each in entries[0].names}
    assert json.loads(path.read_text().splitlines()[0])["schema"] == "Person"


@pytest.mark.parametrize(
    ("state", "topics"),
    [("presumed", ["reg.warn"]), ("definitive", ["reg.warn"]), ("disproved", []), ("favourable_ruling", [])],
)
def test_what_goes_out_says_no_more_than_the_list(state, topics):
    entry = ListEntry(source="sat_69b", id="1", kind="company", names=(ListedName("Inventada SA"),), state=state)
    told = json.loads(next(as_ftm([entry])))["properties"]
    assert told.get("topics", []) == topics
    assert told["notes"] == [f"state: {state}"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("list.xml", ADVANCED[:2000], "broken"),
        ("list.xml", "<other/>", "neither OFAC"),
        ("list.xml", UN.replace("DATAID", "NUMBER"), "no number"),
        ("list.json", '{"id": "1", "schema": "Person"', "no JSON"),
        ("list.json", '{"id": "1", "schema": "Person", "properties": {}}', "no id or no name"),
        ("list.csv", "a,b\n1,2\n", "no known form"),
        ("list.csv", "nombre,fecha de nacimiento\nAna Gil,1980-02-31\n", "does not exist"),
        ("list.csv", "id,nombre\n1,Ana\n1,Eva\n", "same number"),
        ("sdn.csv", "name,number\nx,1\n", "columns"),
    ],
)
def test_a_broken_list_says_what_is_wrong_and_where(tmp_path, name, text, says):
    with pytest.raises(InputError, match=says) as refused:
        read_list(written(tmp_path, name, text))
    assert refused.value.where is not None
    assert refused.value.advice is not None


def test_an_xml_with_entities_is_not_expanded(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><CONSOLIDATED_LIST><INDIVIDUAL><DATAID>&b;</DATAID></INDIVIDUAL></CONSOLIDATED_LIST>'
    with pytest.raises(InputError):
        read_list(written(tmp_path, "list.xml", bomb))


def test_the_tax_list_with_moved_columns_or_a_new_state_is_refused(tmp_path):
    with pytest.raises(InputError, match="none of the four"):
        read_list(list_69b(tmp_path, "1,ZOR900101Z12,ZORRIVAS,Suspendido" + "," * 16))
    with pytest.raises(InputError, match="columns"):
        read_list(list_69b(tmp_path, "1,ZOR900101Z12,ZORRIVAS"))
    moved = written(tmp_path, "moved.csv", "Artículo 69-B RFC\nRFC,No,Nombre\n", "latin-1")
    with pytest.raises(InputError, match="moved"):
        read_list(moved)


def test_one_list_given_twice_is_refused(tmp_path):
    one = written(tmp_path, "a.csv", "nombre\nAna Gil\n")
    with pytest.raises(InputError, match="twice"):
        read_lists([one, one])


def test_a_folder_without_the_list_is_refused(tmp_path):
    with pytest.raises(InputError, match="neither"):
        read_list(tmp_path)


def test_the_real_tax_list_and_trio_are_read_whole(data):
    tax = read_list(data / "finance" / "sat_69b" / "Listado_Completo_69-B_2023-01-15.csv")
    assert len(tax.entries) == 12_666
    assert len({each.id for each in tax.entries}) == 12_666
    trio = read_list(data / "finance" / "watchman_2021-07-07")
    assert len(trio.entries) == 8_976
    assert sum(len(each.names) > 1 for each in trio.entries) == 4_590
    assert sum(each.remarks_cut for each in trio.entries) == 5


def test_the_sources_are_declared_and_check_what_is_fetched(tmp_path):
    from convenio.core.program import program
    from convenio.files.sources.declaration import sources
    from convenio.programs.finance.sources.reading import check_list

    found = sources({"finance": program("finance")})
    assert set(found) == {"ofac_sdn", "ofac_consolidated", "un_sc", "sat_69b"}
    with pytest.raises(InputError):
        check_list(written(tmp_path, "list.xml", "<html/>"))
    check_list(written(tmp_path, "consolidated.xml", UN))
