package decnet.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class FleetFileTest {
    @Test
    void everyProblemIsToldWithItsLine() {
        FleetException problems = catchThrowableOfType(FleetException.class, () -> FleetFile.parse("f.ini", """
            [general]
            driver = docker
            [web]
            archetype = web-servr
            amout = 2
            [a]
            services = http, gopher
            ip = 127.0.0.1
            [a.http]
            server = iis
            [a.ssh]
            user = x
            [b.redis]
            auth = none
            [c]
            archetype = linux-server
            amount = 101
            nonsense
            """));

        assertThat(problems.problems())
                .anyMatch(line -> line.startsWith("f.ini:2: driver"))
                .anyMatch(line -> line.startsWith("f.ini:4: archetype") && line.contains("web-server"))
                .anyMatch(line -> line.startsWith("f.ini:5: unknown key \"amout\""))
                .anyMatch(line -> line.startsWith("f.ini:7: services") && line.contains("gopher"))
                .anyMatch(line -> line.startsWith("f.ini:8: ip"))
                .anyMatch(line -> line.startsWith("f.ini:10: server") && line.contains("nginx"))
                .anyMatch(line -> line.startsWith("f.ini:11: ") && line.contains("does not offer ssh"))
                .anyMatch(line -> line.startsWith("f.ini:13: ") && line.contains("there is no section [b]"))
                .anyMatch(line -> line.startsWith("f.ini:17: amount"))
                .anyMatch(line -> line.startsWith("f.ini:18: expected"));
    }

    @Test
    void anAmountStandsForNumberedDeckiesWithTheSameOptions() {
        FleetFile file = FleetFile.parse("f.ini", """
            [db]
            archetype = database-server
            services = redis
            amount = 3
            [db.redis]
            auth = password
            """);

        assertThat(file.deckies()).extracting(entry -> entry.name().text()).containsExactly("db-01", "db-02", "db-03");
        assertThat(file.deckies())
                .allSatisfy(entry -> assertThat(entry.services().get("redis")).containsEntry("auth", "password"));
    }

    @Test
    void theStandardFleetOffersEveryServiceOfTheCatalogue() {
        assertThat(FleetFile.standard().deckies()).hasSize(5);
        assertThat(FleetFile.standard().deckies().stream()
                        .flatMap(entry -> entry.services().keySet().stream())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        ServiceCatalogue.all().stream().map(ServiceSpec::slug).toList());
    }
}
