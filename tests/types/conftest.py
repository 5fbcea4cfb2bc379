"""What several tests of typed messages use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from purefix_core.dictionary.loader import load_dictionary
from purefix_core.dictionary.standard import standard
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.runtime import RuntimeTypes

ODD = """<fix type='FIX' major='4' minor='4'>
 <header>
  <field name='BeginString' required='Y'/><field name='BodyLength' required='Y'/><field name='MsgType' required='Y'/>
  <field name='SenderCompID' required='Y'/>
 </header>
 <trailer><field name='CheckSum' required='Y'/></trailer>
 <messages>
  <message name='odd message' msgtype='U1' msgcat='app'>
   <field name='1st-Leg' required='N'/><field name='None' required='N'/><field name='to_bytes' required='N'/>
   <field name='Grad' required='N'/><field name='grad' required='N'/><field name='BlobLen' required='N'/>
   <field name='Blob' required='N'/><component name='a part' required='N'/>
  </message>
 </messages>
 <components>
  <component name='a part'><group name='NoThings' required='N'><field name='Thing' required='N'/></group></component>
 </components>
 <fields>
  <field number='8' name='BeginString' type='STRING'/><field number='9' name='BodyLength' type='LENGTH'/>
  <field number='10' name='CheckSum' type='STRING'/><field number='35' name='MsgType' type='STRING'/>
  <field number='49' name='SenderCompID' type='STRING'/>
  <field number='5001' name='1st-Leg' type='STRING'/><field number='5002' name='None' type='INT'/>
  <field number='5003' name='to_bytes' type='STRING'/>
  <field number='5004' name='Grad' type='CHAR'>
   <value enum='1' description='partially filled'/><value enum='2' description='partially filled'/>
   <value enum='3' description='30/360'/><value enum='4' description='größer'/><value enum='5' description=''/>
   <value enum='6' description='class'/>
  </field>
  <field number='5005' name='grad' type='CHAR'/>
  <field number='5006' name='NoThings' type='NUMINGROUP'/><field number='5007' name='Thing' type='STRING'/>
  <field number='5008' name='BlobLen' type='LENGTH'/><field number='5009' name='Blob' type='DATA'/>
 </fields>
</fix>
"""
"""A dictionary whose names are no Python identifiers, or are taken."""


@pytest.fixture
def odd_dictionary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "odd.xml"
    path.write_text(ODD, encoding="utf-8")
    return path


@pytest.fixture
def odd(odd_dictionary: Path) -> RuntimeTypes:
    return RuntimeTypes(load_dictionary(odd_dictionary))


@pytest.fixture(scope="session")
def fix44() -> RuntimeTypes:
    return RuntimeTypes(standard("FIX44"))


@pytest.fixture(scope="session")
def messages(fix44: RuntimeTypes) -> FixMessageFactory:
    """The factory of FIX 4.4."""
    return fix44.create_message_factory()


@pytest.fixture(scope="session")
def of_type(fix44: RuntimeTypes) -> Any:
    """The class of a MsgType of FIX 4.4, as Any: its attributes are not known to type checkers."""
    return fix44.get_message_type_by_msg_type
