"""Kinship, identification and what a search is worth; pure functions, importable without any framework."""

from convenio.programs.missing.methods import declared
from convenio.programs.missing.methods.identification import Identification, joint_identification
from convenio.programs.missing.methods.kinship import KinshipResult, kinship_lr
from convenio.programs.missing.methods.locus import Locus, Population
from convenio.programs.missing.methods.mutation import Mutation, SexMutation
from convenio.programs.missing.methods.pedigree import Pedigree, Person, singleton
from convenio.programs.missing.methods.power import Power, next_relative, power
from convenio.programs.missing.methods.prior import Prior
from convenio.programs.missing.methods.reassociation import reassociate
from convenio.programs.missing.methods.relatives import screen_relatives
from convenio.programs.missing.methods.remains import Family, Remains
from convenio.programs.missing.methods.screen import screen

__all__ = [
    "Family",
    "Identification",
    "KinshipResult",
    "Locus",
    "Mutation",
    "Pedigree",
    "Person",
    "Population",
    "Power",
    "Prior",
    "Remains",
    "SexMutation",
    "declared",
    "joint_identification",
    "kinship_lr",
    "next_relative",
    "power",
    "reassociate",
    "screen",
    "screen_relatives",
    "singleton",
]
