"""Puts the top-level folder ``themes`` into the package; everything else stands in pyproject.toml."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["termdesk*"], exclude=["*.__pycache__*"]), "termdesk.themes"],
    package_dir={"termdesk.themes": "themes"},
)
