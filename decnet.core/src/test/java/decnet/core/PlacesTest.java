package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
    /** sun_path of unix(7) holds 108 bytes, one of them the end. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private static Places places(String option, Map<String, String> environment, String user) {
        return Places.resolve(
                option.isEmpty() ? Optional.empty() : Optional.of(Path.of(option)),
                environment,
                user,
                user.equals("root") ? "/root" : "/home/" + user);
    }

    @Test
    void rootHasTheSystemsPlaces() {
        assertThat(places("", Map.of(), "root"))
                .isEqualTo(new Places(Path.of("/var/lib/decnet"), Path.of("/run/decnet")));
    }

    @Test
    void anyoneElseHasPlacesOfHisOwn() {
        Places plain = places("", Map.of(), "eve");
        assertThat(plain.state()).isEqualTo(Path.of("/home/eve/.local/state/decnet"));
        assertThat(plain.run().toString()).matches("/tmp/decnet-eve-[0-9a-f]{8}");

        Places desktop =
                places("", Map.of("XDG_STATE_HOME", "/home/eve/s", "XDG_RUNTIME_DIR", "/run/user/1000"), "eve");
        assertThat(desktop.state()).isEqualTo(Path.of("/home/eve/s/decnet"));
        assertThat(desktop.run().toString()).matches("/run/user/1000/decnet/[0-9a-f]{8}");

        assertThat(places("", Map.of("TMPDIR", "/scratch"), "eve").run().toString())
                .matches("/scratch/decnet-eve-[0-9a-f]{8}");
    }

    @Test
    void theOptionWinsOverTheVariableAndTheVariableOverTheDefault() {
        Map<String, String> environment = Map.of("DECNET_STATE", "/srv/b");

        assertThat(places("/srv/a", environment, "root").state()).isEqualTo(Path.of("/srv/a"));
        assertThat(places("", environment, "root").state()).isEqualTo(Path.of("/srv/b"));
        assertThat(places("", Map.of("DECNET_RUN", "/srv/run/../r"), "root").run())
                .isEqualTo(Path.of("/srv/r"));
    }

    @Test
    void twoInstallationsDoNotMeetAndOneFindsItselfAgain() {
        for (String user : new String[] {"root", "eve"}) {
            Places one = places("/srv/one", Map.of(), user);
            Places two = places("/srv/two", Map.of(), user);

            assertThat(one.run()).isNotEqualTo(two.run());
            assertThat(places("/srv/x/../one/", Map.of(), user)).isEqualTo(one);
        }
        assertThat(places("/srv/one", Map.of(), "root").run().toString()).matches("/run/decnet-[0-9a-f]{8}");
    }

    @Test
    void aRelativeStateFolderIsTakenFromWhereTheCallerStands() {
        assertThat(places("here", Map.of(), "eve").state())
                .isAbsolute()
                .isEqualTo(Path.of("").toAbsolutePath().resolve("here"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "eve", "a-user-name-of-thirty-two-letter"})
    void socketPathsFitHoweverDeepTheStateFolderIs(String user) {
        String deep = "/srv" + "/a-folder-with-a-long-name".repeat(40);
        String longestProcess = "a-process-name-of-thirty-letters";
        for (Map<String, String> environment :
                java.util.List.of(Map.<String, String>of(), Map.of("XDG_RUNTIME_DIR", "/run/user/4294967295"))) {
            Places places = places(deep, environment, user);

            assertThat(places.processSocket(longestProcess).toString().getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(LONGEST_SOCKET_PATH);
            assertThat(places.busSocket().toString().getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(LONGEST_SOCKET_PATH);
        }
    }

    @Test
    void whereThingsAre() {
        Places places = new Places(Path.of("/s"), Path.of("/r"));

        assertThat(places.journal("decoys")).isEqualTo(Path.of("/s/journal/decoys"));
        assertThat(places.blobs()).isEqualTo(Path.of("/s/blobs"));
        assertThat(places.fleet()).isEqualTo(Path.of("/s/fleet"));
        assertThat(places.database()).isEqualTo(Path.of("/s/postgres"));
        assertThat(places.processFile("herd")).isEqualTo(Path.of("/r/herd.json"));
        assertThat(places.processSocket("herd")).isEqualTo(Path.of("/r/herd.sock"));
        assertThat(places.busSocket()).isNotEqualTo(places.processSocket("bus"));
    }
}
