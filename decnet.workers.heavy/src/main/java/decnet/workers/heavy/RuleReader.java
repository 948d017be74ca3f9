package decnet.workers.heavy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import decnet.core.Snippet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a rule out of YAML: {@code rule_id, rule_version, name, applies_to, match.pattern, match.field?, emits[], state?,
 * confidence_max?}. Everything is checked here, so that no rule fails later. Not thread-safe.
 */
final class RuleReader {
    /** Longest rule file, in bytes. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_PATTERN = 2000;
    private static final int MAX_EMISSIONS = 16;

    private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());

    /** @throws MalformedRuleException telling what is wrong with the content */
    Rule read(byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new MalformedRuleException("larger than " + MAX_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = yaml.readTree(content);
        } catch (JacksonException e) {
            throw new MalformedRuleException("not YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedRuleException("not YAML", e);
        }
        if (root == null || !root.isObject()) {
            throw new MalformedRuleException("expected a mapping at the top");
        }
        String id = text(root, "rule_id", "[A-Z][A-Z0-9_-]{1,31}", "for example R0014");
        int version = root.path("rule_version").asInt();
        if (version < 1) {
            throw new MalformedRuleException("rule_version: expected a whole number from 1");
        }
        String state = root.path("state").asText("enabled");
        if (!Set.of("enabled", "disabled", "clipped").contains(state)) {
            throw new MalformedRuleException("state: expected enabled, disabled or clipped");
        }
        double ceiling = state.equals("clipped") ? confidence(root, "confidence_max") : 1;
        JsonNode match = root.path("match");
        return new Rule(
                id,
                version,
                text(root, "name", "[a-z0-9_]{1,64}", "for example etc_shadow_read"),
                kinds(root.path("applies_to")),
                match.has("field")
                        ? Optional.of(text(match, "field", "[a-z0-9_.-]{1,32}", "a field name"))
                        : Optional.empty(),
                pattern(match.path("pattern").asText()),
                emissions(root.path("emits")),
                !state.equals("disabled"),
                ceiling);
    }

    private static String text(JsonNode node, String name, String syntax, String expected) {
        String text = node.path(name).asText();
        if (text.length() > 255 || !text.matches(syntax)) {
            throw new MalformedRuleException(name + ": " + Snippet.of(text) + ": expected " + expected);
        }
        return text;
    }

    private static double confidence(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() <= 1)) {
            throw new MalformedRuleException(name + ": expected a number from 0 to 1");
        }
        return value.asDouble();
    }

    private static List<SourceKind> kinds(JsonNode list) {
        Set<SourceKind> kinds = new LinkedHashSet<>();
        for (JsonNode item : list) {
            kinds.add(SourceKind.named(item.asText())
                    .orElseThrow(() -> new MalformedRuleException("applies_to: " + Snippet.of(item.asText())
                            + ": expected command, http_request or auth_attempt")));
        }
        if (kinds.isEmpty()) {
            throw new MalformedRuleException("applies_to: expected a list of command, http_request, auth_attempt");
        }
        return List.copyOf(kinds);
    }

    private static Pattern pattern(String text) {
        if (text.isEmpty() || text.length() > MAX_PATTERN) {
            throw new MalformedRuleException("match.pattern: expected 1 to " + MAX_PATTERN + " characters");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new MalformedRuleException(
                    "match.pattern: " + e.getMessage() + " (RE2 syntax: no look-around, no back-references)", e);
        }
    }

    private static List<Rule.Emission> emissions(JsonNode list) {
        List<Rule.Emission> emissions = new ArrayList<>();
        for (JsonNode item : list) {
            String technique = text(item, "technique_id", "T\\d{4}", "for example T1003");
            Optional<String> sub = item.has("sub_technique_id")
                    ? Optional.of(text(
                            item,
                            "sub_technique_id",
                            technique + "\\.\\d{3}",
                            technique + " with a number of three digits"))
                    : Optional.empty();
            emissions.add(new Rule.Emission(
                    technique,
                    sub,
                    text(item, "tactic", "TA\\d{4}", "for example TA0006"),
                    confidence(item, "confidence")));
        }
        if (emissions.isEmpty() || emissions.size() > MAX_EMISSIONS) {
            throw new MalformedRuleException("emits: expected 1 to " + MAX_EMISSIONS + " techniques");
        }
        return emissions;
    }
}
