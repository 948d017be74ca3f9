package decnet.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    @Test
    void namesAreThePublishedOnes() {
        assertThat(Topics.workerHealth("ttp")).hasToString("system.ttp.health");
        assertThat(Topics.workerControl("ttp")).hasToString("system.ttp.control");
        assertThat(Topics.deckyState("host:web-01")).hasToString("decky.host:web-01.state");
        assertThat(Topics.deckyMutation("web-01")).hasToString("decky.web-01.mutation");
        assertThat(Topics.ALL_MUTATE_REQUESTS.matches(Topics.deckyMutateRequest("a")))
                .isTrue();
        assertThat(Topics.ruleFired("T1110")).hasToString("ttp.rule.fired.T1110");
        assertThat(Topics.ALL_HEALTH.matches(Topics.workerHealth("bus"))).isTrue();
        assertThat(Topics.ALL_DECKY_STATES.matches(Topics.deckyState("a"))).isTrue();
        assertThat(Topics.ALL_RULES_FIRED.matches(Topics.ruleFired("T1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "*", ">", "a b", "T1110.001", "ä", "a\n"})
    void aPartIsOneToken(String part) {
        assertThatThrownBy(() -> Topics.ruleFired(part)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Topics.workerHealth(part)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Topics.deckyState(part)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", ".a", "a.", "a b", "a.*", "a.>", "a\r\nPUB b 0", "ä"})
    void aTopicHoldsNoBlanksWildcardsOrEmptyTokens(String text) {
        assertThatThrownBy(() -> new Topic(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "decky.web-01.traffic", "_INBOX.0f.1", "$SYS.x", "a:b/c=d<e?f~", "0.9"})
    void otherwiseItIsPrintableAscii(String text) {
        assertThat(new Topic(text).text()).isEqualTo(text);
    }
}
