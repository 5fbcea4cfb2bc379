"""The use cases of the type registry's design document, as programs that read like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from purefix_core import TypeRegistry
from purefix_core.dictionary.standard import standard, standard_path
from purefix_core.logs.analyzer import FixFileAnalyzer
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.session.config import FixConfig
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from purefix_core.types.generator.package import generate_package
from purefix_core.wire.checksum import check_sum, sealed
from purefix_core.wire.separators import SOH


def entry(name: str, sender_comp_ids: list[str], **others: object) -> dict[str, object]:
    """A registration with the keys that the document's have."""
    return {
        "name": name,
        "displayName": name.upper(),
        "dictionaryPath": f"Dictionaries/{name.upper()}.xml",
        "assemblyPath": f"GeneratedTypes/PureFix.Types.{name.upper()}.dll",
        "senderCompIds": sender_comp_ids,
        "targetCompIds": ["CLIENT"],
        "version": "FIX.4.4",
        "rootNamespace": f"PureFix.Types.{name.upper()}",
        "messageStorePath": f"MessageStore/{name.upper()}",
        "enabled": True,
        **others,
    }


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an application: its registry, dictionaries of two brokers, and a session file for each dialect."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dictionaries").mkdir()
    plain = standard_path("FIX44").read_text("utf-8")
    (tmp_path / "Dictionaries" / "FIX44.xml").write_text(plain, encoding="utf-8")
    field = "<field number='5500' name='JpmDesk' type='STRING'/>"
    own = plain.replace("<fields>", f"<fields>{field}", 1)
    assert field in own
    start = own.index("<message ", own.index("NewOrderSingle") - 200)
    behind = own.index(">", own.index("NewOrderSingle", start)) + 1
    own = f"{own[:behind]}<field name='JpmDesk' required='N'/>{own[behind:]}"
    (tmp_path / "Dictionaries" / "JPMFX.xml").write_text(own, encoding="utf-8")
    registrations = [
        entry("jpmfx", ["JPMORGAN", "JPM-FX"]),
        entry("fix44", ["*"], targetCompIds=["*"], isDefault=True),
    ]
    document = {"version": "1.0", "registrations": registrations}
    (tmp_path / "TypeRegistry.json").write_text(json.dumps(document, indent=2))
    for name in ("fix44", "jpmfx"):
        session = {
            "Application": {"Name": "test_client", "DictionaryName": name, "FixVersion": "FIX.4.4"},
            "SenderCompID": "CLIENT",
            "TargetCompID": "JPMORGAN",
            "HeartBtInt": 30,
            "ResetSeqNumFlag": True,
        }
        (tmp_path / f"session-{name}.json").write_text(json.dumps(session))
    return tmp_path


def message(body: str) -> bytes:
    raw = body.replace("|", "\x01").encode()
    head = b"8=FIX.4.4\x019=%d\x01" % len(raw)
    return head + raw + b"10=%03d\x01" % check_sum(head + raw, SOH)


def test_use_case_1_application_startup_with_registry(application: Path) -> None:
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")

    config = FixConfig.make_config_from_paths(application, "session-fix44.json", registry)

    assert config.registration is registry.get_by_name("fix44")
    assert config.definitions is registry.load_definitions("fix44")
    logon = config.session_message_factory.logon()
    assert (logon.header.SenderCompID, logon.HeartBtInt, logon.ResetSeqNumFlag) == ("CLIENT", 30, True)
    assert config.message_factory.parse(logon.to_bytes()) == logon


def test_use_case_2_server_detects_the_dictionary(application: Path) -> None:
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    file_contents = b"\n".join(
        message(f"35=D|49={sender}|56=CLIENT|34={number}|52=20260105-10:00:00|11=A{number}|54=1|5500=FX|")
        for number, sender in enumerate(["JPM-FX-LONDON"] * 3, start=1)
    )

    sender_comp_id = FixFileAnalyzer.extract_sender_comp_id(file_contents)
    assert sender_comp_id == "JPM-FX-LONDON"
    registration = registry.find_by_sender_comp_id(sender_comp_id) or registry.get_default()
    assert registration is not None
    assert registration.name == "jpmfx"
    definitions = registry.load_definitions(registration.name)
    parser = registry.create_parser(registration.name, definitions)
    messages = list(parser.parse_file(file_contents))

    assert [each.ClOrdID for each in messages] == ["A1", "A2", "A3"]
    assert [each.JpmDesk for each in messages] == ["FX"] * 3
    assert b"\n".join(each.to_bytes() for each in messages) == file_contents
    other = registry.create_parser("jpmfx", standard("FIX44"))
    assert next(other.parse_file(file_contents)).unknown_fields == [(5500, b"FX")]


def test_use_case_2_falls_back_to_the_default(application: Path) -> None:
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    sender_comp_id = FixFileAnalyzer.extract_sender_comp_id(message("35=0|49=SOMEBODY|56=X|34=1|"))
    assert sender_comp_id is not None
    found = registry.find_by_sender_comp_id(sender_comp_id)
    assert found is registry.get_default() is registry.get_by_name("FIX44")


def test_use_case_4_application_with_custom_types(application: Path) -> None:
    # 1. Generate types (purefix types generate -i Dictionaries/JPMFX.xml -o GeneratedTypes --namespace ...)
    source = TypeRegistry()
    source.load_from_file("TypeRegistry.json")
    package = generate_package(source.load_definitions("jpmfx"), Path("GeneratedTypes"), "PureFix.Types.JPMFX")

    # 2. Create TypeRegistry.json with the entry
    document = json.loads(Path("TypeRegistry.json").read_text())
    document["registrations"][0]["assemblyPath"] = str(package.folder)
    Path("TypeRegistry.json").write_text(json.dumps(document))

    # 3. Application code
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    config = FixConfig.make_config_from_paths(application, "session-jpmfx.json", registry)

    order: Any = config.message_factory.create("D", ClOrdID="7", JpmDesk="FX")
    module = type(order).__module__
    assert module.endswith(".messages.new_order_single")
    assert not module.startswith("PureFix.")
    assert order.to_bytes() == message("35=D|5500=FX|11=7|")
    again = config.message_factory.parse(order.to_bytes())
    assert isinstance(again, type(order))
    assert again.JpmDesk == "FX"
    assert config.session_message_factory.heartbeat("T").TestReqID == "T"


def test_net_assembly_is_told_and_run_time_types_serve(application: Path, caplog: pytest.LogCaptureFixture) -> None:
    (application / "GeneratedTypes").mkdir()
    (application / "GeneratedTypes" / "PureFix.Types.JPMFX.dll").write_bytes(b"MZ")
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    assert registry.create_message_factory("jpmfx").create("D", JpmDesk="FX").JpmDesk == "FX"
    assert "is not a Python package" in caplog.text
    assert "registrations[0] (jpmfx)" in caplog.text


def test_a_file_of_any_dialect_at_the_level_of_tags(application: Path) -> None:
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    contents = message("35=D|49=JPMORGAN|56=CLIENT|34=1|52=20260105-10:00:00|11=A|5500=FX|")
    parser = registry.create_fix_file_parser()
    (found,) = parser.parse_file(contents, "^D$")
    assert (found.sender_comp_id, found.tags[5500]) == ("JPMORGAN", "FX")
    assert json.loads(parser.parse_message_to_json(contents, 0))["body"]["JpmDesk"] == "FX"


def test_library_without_a_registry_file() -> None:
    registry = TypeRegistry.standard()
    assert isinstance(registry, TypeRegistry)
    order = registry.create_parser("fix44").parse(message("35=D|11=1|"))
    assert order.ClOrdID == "1"


def test_session_recovery(application: Path) -> None:
    """Persistent Message Store, Session Recovery Flow: what a restarted program finds, and what is resent."""
    registry = TypeRegistry()
    registry.load_from_file("TypeRegistry.json")
    store = registry.create_message_store("jpmfx", "init-comp", "accept-comp")
    for seq_num, msg_type in ((1, b"A"), (2, b"D"), (3, b"0"), (4, b"AE")):
        body = b"35=%b\x0134=%d\x0149=init-comp\x0156=accept-comp\x01" % (msg_type, seq_num)
        encoded = sealed(b"FIX.4.4", body, SOH)
        store.put(FixMsgStoreRecord(msg_type.decode(), 1_736_440_245_000_000_000, seq_num, encoded))
        store.set_last_sent_seq_num(seq_num)
    store.set_last_received_seq_num(57)
    with pytest.raises(StoreError, match="is in use by process"):
        registry.create_message_store("jpmfx", "init-comp", "accept-comp")
    store.close()

    folder = application / "MessageStore" / "JPMFX" / "init-comp.accept-comp"
    meta = json.loads((folder / "session.meta").read_text())
    assert list(meta) == [
        "senderCompId",
        "targetCompId",
        "lastSentSeqNum",
        "lastReceivedSeqNum",
        "lastReceivedTime",
        "createdTime",
        "lastModifiedTime",
    ]
    meta["lastReceivedSeqNum"] = 60  # by hand, since the counterparty says that its next number is 61
    (folder / "session.meta").write_text(json.dumps(meta))

    recovered = registry.create_message_store("jpmfx", "init-comp", "accept-comp")
    assert recovered.get_last_sent_seq_num() + 1 == 5
    assert recovered.get_last_received_seq_num() + 1 == 61
    resent = [record and record.msg_type for record in recovered.get_seq_num_range(2, 4)]
    assert resent == ["D", "0", "AE"]
    recovered.close()


def test_a_store_needs_a_registration_with_a_path() -> None:
    registry = TypeRegistry.standard()
    with pytest.raises(TypeRegistryError, match="fix44: messageStorePath: expected a folder, found nothing"):
        registry.create_message_store("fix44", "A", "B")
    with pytest.raises(TypeRegistryError, match="nobody: no such registration; there are fix40, "):
        registry.create_message_store("nobody", "A", "B")
