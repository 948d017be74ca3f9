package decnet.workers.heavy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * One rule: where its pattern is found, what it says. Immutable; matching takes time linear in the text.
 *
 * @param id for example {@code R0014}
 * @param version part of the identity of its tags; raised when the meaning changes
 * @param kinds what it looks at
 * @param field the field it searches; empty: the usual one of the kind
 * @param ceiling most confidence its tags may have, 0 to 1
 */
record Rule(
        String id,
        int version,
        String name,
        List<SourceKind> kinds,
        Optional<String> field,
        Pattern pattern,
        List<Emission> emits,
        boolean enabled,
        double ceiling) {
    Rule {
        kinds = List.copyOf(kinds);
        emits = List.copyOf(emits);
    }

    /**
     * What a hit means.
     *
     * @param technique for example {@code T1003}
     * @param sub for example {@code T1003.008}
     * @param tactic for example {@code TA0006}
     * @param confidence 0 to 1
     */
    record Emission(String technique, Optional<String> sub, String tactic, double confidence) {
        /** The more exact of the two. */
        String exact() {
            return sub.orElse(technique);
        }
    }
}
