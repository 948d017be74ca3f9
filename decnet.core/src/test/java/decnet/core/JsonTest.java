package decnet.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> Json.parseObject(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.parseObject(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsWrittenIsRead() {
        var object = Json.object().put("a", 1).put("b", "é\u202e\"\n").putNull("c");
        object.putArray("d").add(true).add(1.5);

        assertThat(Json.parseObject(Json.text(object))).isEqualTo(object);
        assertThat(Json.parseObject(Json.pretty(object))).isEqualTo(object);
        assertThat(Json.parseObject(Json.bytes(object))).isEqualTo(object);
        assertThat(Json.text(object)).doesNotContain("\n");
        assertThat(Json.pretty(object)).contains("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":[],\"b\":{},\"c\":[[],{\"d\":null}],\"e\":\"\"}",
                "{\"i\":-1,\"l\":9007199254740993,\"big\":123456789012345678901234567890,\"d\":1.25,\"e\":-1e-7}",
                "{\"t\":true,\"f\":false,\"n\":null,\"s\":\"\\u0000\\ud83d\\ude00\\t/\"}",
                "{\"twice\":1,\"twice\":2}"
            })
    void readsAndWritesAsJacksonsMapperDoes(String text) throws Exception {
        var mapper = new ObjectMapper();

        assertThat(Json.parseObject(text)).isEqualTo(mapper.readTree(text));
        assertThat(Json.parseObject(text.getBytes(UTF_8))).isEqualTo(mapper.readTree(text));
        assertThat(Json.text(Json.parseObject(text))).isEqualTo(mapper.writeValueAsString(mapper.readTree(text)));
        assertThat(Json.bytes(Json.parseObject(text))).isEqualTo(mapper.writeValueAsBytes(mapper.readTree(text)));
        assertThat(Json.pretty(Json.parseObject(text)))
                .isEqualTo(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(text)));
    }

    @Test
    void nestingEndsAtThirtyTwo() {
        assertThat(Json.parseObject(nested(32)).has("a")).isTrue();
        refused(nested(33));
        refused(nested(100_000));
        refused("[".repeat(100_000));
    }

    @Test
    void textEndsAtOneMebibyte() {
        assertThat(Json.parseObject("{\"a\":\"" + "x".repeat(1 << 20) + "\"}")
                        .path("a")
                        .asText())
                .hasSize(1 << 20);
        refused("{\"a\":\"" + "x".repeat((1 << 20) + 1) + "\"}");
    }

    @Test
    void aDocumentEndsAtEightMebibytes() {
        String filler = "\"" + "x".repeat(1_000_000) + "\",";

        assertThat(Json.parseObject("{\"a\":[" + filler.repeat(8) + "0]}").path("a"))
                .hasSize(9);
        refused("{\"a\":[" + filler.repeat(9) + "0]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"a\"",
                "[]",
                "{",
                "{\"a\"}",
                "{a:1}",
                "{\"a\":1,}",
                "{}{}",
                "{} x",
                "{\"a\":NaN}"
            })
    void whatIsNotOneObject(String text) {
        refused(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesEndInIllegalArgumentExceptionAndNothingElse(long seed) {
        var random = new SplittableRandom(seed);
        byte[] whole = Json.bytes(Json.object().put("a", "b").put("c", 3.5));
        for (int i = 0; i < 500; i++) {
            byte[] damaged = whole.clone();
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Json.parseObject(damaged)).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("not JSON");
            }
        }
    }
}
