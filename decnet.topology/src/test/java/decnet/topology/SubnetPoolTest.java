package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubnetPoolTest {
    @Test
    void subnetsComeInOrderAndRollOver() {
        SubnetPool pool = new SubnetPool(Subnet.parse("172.16.0.0/12"), 24, List.of());
        List<String> given = new ArrayList<>();
        for (Optional<Subnet> next = pool.next(); next.isPresent(); next = pool.next()) {
            given.add(next.get().toString());
        }

        assertThat(given).hasSize(4096).doesNotHaveDuplicates();
        assertThat(given).startsWith("172.16.0.0/24", "172.16.1.0/24").endsWith("172.31.255.0/24");
        assertThat(given.subList(255, 257)).containsExactly("172.16.255.0/24", "172.17.0.0/24");
    }

    @Test
    void whatOverlapsIsSkippedHoweverItIsWritten() {
        SubnetPool pool = new SubnetPool(
                Subnet.parse("10.0.0.0/22"), 24, List.of(Subnet.parse("10.0.0.0/23"), Subnet.parse("10.0.2.77/32")));

        assertThat(pool.next()).contains(Subnet.parse("10.0.3.0/24"));
        assertThat(pool.next()).isEmpty();
    }

    @Test
    void networksOfIPv6ComeTheSameWay() {
        SubnetPool pool = new SubnetPool(Subnet.parse("fd12:3456:789a::/48"), 64, List.of());

        assertThat(pool.next()).contains(Subnet.parse("fd12:3456:789a:0::/64"));
        assertThat(pool.next()).contains(Subnet.parse("fd12:3456:789a:1::/64"));
    }

    @Test
    void theLowestTheHighestAndTheTakenAddressesAreNotGiven() {
        AddressPool pool = new AddressPool(Subnet.parse("10.0.0.0/29"), List.of(Drawings.address("10.0.0.3")));
        List<String> given = new ArrayList<>();
        for (var next = pool.next(4, 1); next.isPresent(); next = pool.next(4, 1)) {
            given.add(next.get().getHostAddress());
        }

        assertThat(given).containsExactly("10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.2");
        assertThat(pool.take(Drawings.address("10.0.0.0"))).isEmpty();
        assertThat(pool.take(Drawings.address("10.0.1.1"))).isEmpty();
    }

    @Test
    void ofTwoAddressesBothAreGiven() {
        AddressPool pool = new AddressPool(Subnet.parse("10.0.0.0/30"), List.of());

        assertThat(pool.next(1, 1)).contains(Drawings.address("10.0.0.1"));
        assertThat(pool.next(1, 1)).contains(Drawings.address("10.0.0.2"));
        assertThat(pool.next(1, 1)).isEmpty();
    }
}
