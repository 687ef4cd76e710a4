from __future__ import annotations

from convenio.demo.cast import MX, US
from tests.faults.proxy import Sky
from tests.faults.weathers import begun


def test_two_real_nodes_come_through_bad_wires_a_full_disk_and_the_loss_of_power(tmp_path):
    """The short form of `make faults`: one storm over two processes; nothing lost, nothing twice, ledgers reconcile."""
    with begun(tmp_path, 2) as nodes:
        nodes.match()
        nodes.give()
        nodes.weather(Sky())
        nodes.kill(MX)
        nodes.start_all()
        nodes.give()
        nodes.decide()
        nodes.fill_disk(US, 0.5, room=0)
        nodes.kill(US)
        nodes.start_all()
        nodes.give()
        nodes.calm()
        nodes.check()
        assert len(nodes.asked) == 1
        assert len(nodes.handed) == 15
