"""Runs inside the peer's own environment: reads pairs as JSON lines, writes nomenklatura's scores as JSON lines.

python runner.py ALGORITHM < pairs > scores

Every query gets an id of its own, since the peer caches by id. The first line written is the CPU seconds of scoring,
taken after a warm-up pair of each schema, so that lazy loading is not counted as work.
"""

import json
import sys
import time

from followthemoney import model
from nomenklatura.matching import get_algorithm


def entity(number, schema, facts):
    return model.get_proxy(
        {"id": number, "schema": schema, "properties": {name: [value] for name, value in facts.items() if value}}
    )


def main():
    algorithm = get_algorithm(sys.argv[1])
    config = algorithm.default_config()
    pairs = [json.loads(line) for line in sys.stdin if line.strip()]
    made = [
        (entity(f"q{at}", pair["schema"], pair["one"]), entity(f"r{at}", pair["schema"], pair["two"]))
        for at, pair in enumerate(pairs)
    ]
    for schema in ("Person", "Company"):
        algorithm.compare(
            entity("w1", schema, {"name": "Ana Ruiz Gil"}), entity("w2", schema, {"name": "Ana Ruiz Gila"}), config
        )
    start = time.process_time()
    scores = [round(algorithm.compare(one, two, config).score, 6) for one, two in made]
    sys.stdout.write(json.dumps({"seconds": time.process_time() - start}) + "\n")
    sys.stdout.writelines(json.dumps(score) + "\n" for score in scores)


main()
