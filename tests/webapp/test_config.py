"""Which settings does an installation take, and which stop it?"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from webapp.config import Config, WrongSetting, read_config


def _read(folder: Path, **environment: str) -> Config:
    return read_config({"KRONIKA_DATA": str(folder), "KRONIKA_CONFIG": str(folder / "kronika.toml"), **environment})


def test_without_settings_everything_lies_in_one_folder(tmp_path: Path) -> None:
    config = _read(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path}/kronika.db"
    assert config.views_url == f"sqlite:///{tmp_path}/kronika-views.db"
    assert config.vault_url == f"sqlite:///{tmp_path}/vault.db"
    assert config.key_file == tmp_path / "vault.key"
    assert config.base_url == "http://127.0.0.1:8000"


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = _read(tmp_path / "var")
    assert len(first.secret_key) == 64
    assert _read(tmp_path / "var").secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600


def test_postgresql_keeps_all_in_one_database(tmp_path: Path) -> None:
    config = _read(tmp_path, KRONIKA_DATABASE_URL="postgresql://kronika:secret@127.0.0.1:5432/kronika")
    assert config.views_url == config.database_url


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "kronika.toml").write_text('timezone = "Asia/Baku"\nproxies = 2\nlanguages = ["lt", "en"]\n')
    environment = {"KRONIKA_DATA": str(tmp_path), "KRONIKA_CONFIG": str(tmp_path / "kronika.toml")}
    assert read_config(environment).timezone == "Asia/Baku"
    assert read_config(environment).languages == ("lt", "en")
    environment["KRONIKA_TIMEZONE"] = "Europe/Kyiv"
    assert read_config(environment).timezone == "Europe/Kyiv"
    config = read_config(environment, timezone="Europe/Vilnius", proxies=None)
    assert (config.timezone, config.proxies) == ("Europe/Vilnius", 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KRONIKA_DATABASE_URL", "mysql://localhost/kronika"),
        ("KRONIKA_DATABASE_URL", "kronika.db"),
        ("KRONIKA_VAULT_URL", "sqlite://"),
        ("KRONIKA_SECRET_KEY", "short"),
        ("KRONIKA_TIMEZONE", "Vilnius"),
        ("KRONIKA_TIMEZONE", "../../etc/passwd"),
        ("KRONIKA_LANGUAGES", "en fr"),
        ("KRONIKA_LANGUAGES", " "),
        ("KRONIKA_BASE_URL", "kronika.example.org"),
        ("KRONIKA_BASE_URL", "http://kronika.example.org"),
        ("KRONIKA_BASE_URL", "https://kronika.example.org/inside"),
        ("KRONIKA_PROXIES", "many"),
        ("KRONIKA_PROXIES", "-1"),
        ("KRONIKA_DEMO", "perhaps"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        _read(tmp_path, **{name: value})
    assert str(wrong.value).startswith(f"{name}: must")


def test_a_demonstration_is_never_served_to_others(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="KRONIKA_DEMO"):
        _read(tmp_path, KRONIKA_DEMO="true", KRONIKA_BASE_URL="https://kronika.example.org")


def test_a_broken_file_of_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "kronika.toml").write_text("timezone = ")
    with pytest.raises(WrongSetting, match=r"kronika\.toml: cannot be read"):
        _read(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="KRONIKA_DATA"):
        _read(tmp_path / "file" / "var")


def test_what_is_not_ours_in_the_environment_is_left_alone(tmp_path: Path) -> None:
    config = _read(tmp_path, PERSISTENCE_MODULE="eventsourcing.sqlite", SQLITE_DBNAME="elsewhere.db")
    assert "elsewhere" not in config.database_url
