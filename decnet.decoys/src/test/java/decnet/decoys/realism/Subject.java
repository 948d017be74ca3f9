package decnet.decoys.realism;

import decnet.topology.Persona;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A server that a decoy is compared with.
 *
 * @param name of this comparison, and of its files
 * @param slug the decoy's service
 * @param greets whether the server speaks first
 * @param framing whether a text holds the answers to so many requests
 * @param conversations what is said, made or read
 * @param rules what must differ, taken out on both sides
 * @param dress the machine that has this very version
 */
record Subject(
        String name,
        String slug,
        boolean greets,
        BiPredicate<String, Integer> framing,
        Supplier<List<Conversation>> conversations,
        List<Rule> rules,
        Dress dress,
        Map<String, String> options,
        Starter starter) {
    /** A rule of the normaliser: takes out what must differ between any two servers. */
    record Rule(String name, UnaryOperator<String> change) {
        /** What matches becomes {@code shown}. */
        static Rule of(String name, String regex, String shown) {
            Pattern pattern = Pattern.compile(regex);
            return new Rule(name, text -> pattern.matcher(text).replaceAll(shown));
        }
    }

    /** Makes the persona for a version. */
    @FunctionalInterface
    interface Dress {
        Persona of(String version);
    }

    /** Starts the real server, or aborts if it is not installed or may not be started here. */
    @FunctionalInterface
    interface Starter {
        RealServer start() throws Exception;
    }

    /** What cannot say when an answer is complete. */
    static final BiPredicate<String, Integer> UNFRAMED = (text, requests) -> false;

    String normalised(String text) {
        String result = text;
        for (Rule rule : rules) {
            result = rule.change().apply(result);
        }
        return result;
    }
}
