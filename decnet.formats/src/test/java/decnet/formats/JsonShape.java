package decnet.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What members a JSON tree may have and of which kind; written from published schemas, for tests. Strict: others are refused. */
final class JsonShape {
    /** Kinds of values. */
    enum Kind {
        TEXT,
        TEXTS,
        WHOLE,
        TRUTH,
        /** A name of a machine: letters, digits and {@code -} in labels, or an IPv4 address. */
        HOST,
        IP,
        IPS,
        PORT,
        TIME,
        /** Milliseconds since 1970. */
        MILLIS,
        SHA256,
        OBJECT,
        OBJECTS,
        /** Free: anything may stand below. */
        ANY
    }

    private JsonShape() {}

    /** Checks every path of {@code tree}; a path that ends with {@code .*} allows anything below. */
    static void check(ObjectNode tree, Map<String, Kind> shape, Set<String> required) {
        walk("", tree, shape);
        for (String path : required) {
            JsonNode at = tree;
            for (String name : path.split("\\.", -1)) {
                at = at.path(name);
                at = at.isArray() && !at.isEmpty() && at.get(0).isObject() ? at.get(0) : at;
            }
            assertThat(at.isMissingNode() || at.isNull())
                    .as("required: %s in %s", path, tree)
                    .isFalse();
        }
    }

    private static void walk(String prefix, JsonNode node, Map<String, Kind> shape) {
        node.properties().forEach(member -> {
            String path = prefix + member.getKey();
            JsonNode value = member.getValue();
            assertThat(shape).as("no such attribute").containsKey(path);
            switch (shape.getOrDefault(path, Kind.ANY)) {
                case TEXT -> assertThat(value.isTextual()).as(path).isTrue();
                case TEXTS -> {
                    assertThat(value.isArray()).as(path).isTrue();
                    value.forEach(item -> assertThat(item.isTextual()).as(path).isTrue());
                }
                case WHOLE -> assertThat(value.isIntegralNumber()).as(path).isTrue();
                case TRUTH -> assertThat(value.isBoolean()).as(path).isTrue();
                case HOST ->
                    assertThat(value.textValue())
                            .as(path)
                            .matches(
                                    "([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");
                case IP ->
                    assertThat(InetAddress.ofLiteral(value.textValue()))
                            .as(path)
                            .isNotNull();
                case IPS -> {
                    assertThat(value.isArray()).as(path).isTrue();
                    value.forEach(item -> assertThat(InetAddress.ofLiteral(item.textValue()))
                            .as(path)
                            .isNotNull());
                }
                case PORT -> assertThat(value.intValue()).as(path).isBetween(1, 65535);
                case TIME ->
                    assertThat(Instant.parse(value.textValue())).as(path).isNotNull();
                case MILLIS -> assertThat(value.longValue()).as(path).isBetween(0L, 253402300800000L);
                case SHA256 -> assertThat(value.textValue()).as(path).matches("[0-9a-f]{64}");
                case OBJECT -> walk(path + ".", value, shape);
                case OBJECTS -> {
                    assertThat(value.isArray()).as(path).isTrue();
                    value.forEach(item -> walk(path + ".", item, shape));
                }
                case ANY -> assertThat(value.isObject()).as(path).isTrue();
            }
        });
    }
}
