"""Files of genetics laboratories: genotypes, pedigrees, allele frequencies."""
