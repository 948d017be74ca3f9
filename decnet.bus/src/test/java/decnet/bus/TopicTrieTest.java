package decnet.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TopicTrieTest {
    private record Filed(TopicFilter filter, int value) {}

    private static final String[] TOKENS = {"a", "b", "c", "web-01"};

    @ParameterizedTest
    @CsvSource({
        "topology.*, topology.1.mutation.applied, false",
        "decky.*.state, decky.state, false",
        "decky.*.state, decky.web-01.state, true",
        "ttp.rule.fired.>, ttp.rule.fired, false",
        "ttp.rule.fired.>, ttp.rule.fired.T1110, true",
        "a.>, a, false",
        "a.>, a.b.c, true",
        ">, a, true",
        "*, a.b, false",
        "a, A, false"
    })
    void wildcardsStandForWholeTokens(String filter, String topic, boolean expected) {
        TopicTrie<Integer> trie = new TopicTrie<>();
        trie.add(new TopicFilter(filter), 1);

        assertThat(!trie.match(topic).isEmpty()).isEqualTo(expected);
        assertThat(new TopicFilter(filter).matches(new Topic(topic))).isEqualTo(expected);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsWhatTryingEveryFilterFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TopicTrie<Integer> trie = new TopicTrie<>();
        List<Filed> model = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(3) > 0 || model.isEmpty()) {
                Filed filed = new Filed(new TopicFilter(randomFilter(random)), random.nextInt(5));
                model.add(filed);
                trie.add(filed.filter(), filed.value());
            } else {
                Filed gone = model.remove(random.nextInt(model.size()));
                assertThat(trie.remove(gone.filter(), gone.value())).isTrue();
            }
            Topic topic = new Topic(randomTopic(random));

            assertThat(trie.match(topic.text()))
                    .containsExactlyInAnyOrderElementsOf(model.stream()
                            .filter(filed -> filed.filter().matches(topic))
                            .map(Filed::value)
                            .toList());
            assertThat(trie.size()).isEqualTo(model.size());
        }
        model.forEach(filed -> trie.remove(filed.filter(), filed.value()));
        assertThat(trie.size()).isZero();
        assertThat(trie.remove(new TopicFilter("a"), 1)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFilterThatCoversAnotherPassesAllItsTopics(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            TopicFilter wide = new TopicFilter(randomFilter(random));
            TopicFilter narrow = new TopicFilter(randomFilter(random));
            Topic topic = new Topic(randomTopic(random));
            if (wide.covers(narrow) && narrow.matches(topic)) {
                assertThat(wide.matches(topic))
                        .as(wide + " " + narrow + " " + topic)
                        .isTrue();
            }
        }
    }

    @Test
    void aFilterDoesNotCoverAWiderOne() {
        assertThat(new TopicFilter("a.*").covers(new TopicFilter("a.>"))).isFalse();
        assertThat(new TopicFilter("a.b").covers(new TopicFilter("a.*"))).isFalse();
        assertThat(new TopicFilter("a.>").covers(new TopicFilter("a.*.c"))).isTrue();
        assertThat(new TopicFilter("a.>").covers(new TopicFilter(">"))).isFalse();
        assertThat(new TopicFilter("a.*")).hasToString("a.*");
    }

    private static String randomFilter(SplittableRandom random) {
        String filter = randomTopic(random);
        StringBuilder wild = new StringBuilder();
        for (String token : filter.split("\\.")) {
            wild.append(wild.isEmpty() ? "" : ".").append(random.nextInt(3) == 0 ? "*" : token);
        }
        return random.nextInt(4) == 0 ? wild + ".>" : wild.toString();
    }

    private static String randomTopic(SplittableRandom random) {
        StringBuilder topic = new StringBuilder(TOKENS[random.nextInt(TOKENS.length)]);
        for (int more = random.nextInt(4); more > 0; more--) {
            topic.append('.').append(TOKENS[random.nextInt(TOKENS.length)]);
        }
        return topic.toString();
    }
}
