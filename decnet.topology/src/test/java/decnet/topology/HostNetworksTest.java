package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostNetworksTest {
    private static final String TABLE = """
        Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
        eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
        eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
        docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
        broken
        eth1	zz	00000000	0001	0	0	0	0000FFFF	0	0	0
        """;

    @Test
    void theTableOfTheKernelIsRead() {
        List<HostNetworks.Network> networks = new ArrayList<>();
        List<HostNetworks.Gateway> gateways = new ArrayList<>();

        HostNetworks.routes(TABLE, networks, gateways);

        assertThat(networks)
                .containsExactly(
                        new HostNetworks.Network("eth0", Subnet.parse("192.168.1.0/24")),
                        new HostNetworks.Network("docker0", Subnet.parse("172.17.0.0/16")));
        assertThat(gateways).containsExactly(new HostNetworks.Gateway("eth0", Drawings.address("192.168.1.1")));
    }

    @Test
    void theInterfaceSaysItsNetworkAndRouter() {
        assertThat(Drawings.host().at("eth0")).contains(Subnet.parse("192.168.7.0/24"));
        assertThat(Drawings.host().gateway("eth0")).contains(Drawings.address("192.168.7.1"));
        assertThat(Drawings.host().at("eth1")).isEmpty();
        assertThat(Drawings.host().has("eth1")).isFalse();
    }

    @Test
    void thisHostHasALoopbackAndNoNetworkOfEverything() {
        HostNetworks host = HostNetworks.read();

        assertThat(host.networks()).extracting(HostNetworks.Network::subnet).contains(Subnet.parse("127.0.0.0/8"));
        assertThat(host.networks()).noneMatch(one -> one.subnet().length() == 0);
        assertThat(host.addresses()).contains(Drawings.address("127.0.0.1"));
    }
}
