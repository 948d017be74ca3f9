package decnet.topology;

import static decnet.topology.Drawings.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopologyDrawingTest {
    @Test
    void thisIsThePicture() {
        Golden.check("topology.svg", TopologyDrawing.svg(Drawings.small()));
    }

    @Test
    void theSameTopologyGivesTheSameText() {
        Topology topology = TopologyGenerator.generate("lab", TopologyParameters.standard(8), Surroundings.NONE);

        assertThat(TopologyDrawing.svg(topology)).isEqualTo(TopologyDrawing.svg(topology));
    }

    @Test
    void whateverIsDrawnThePictureIsProperXml() {
        Topology hostile = Drawings.with(
                Drawings.with(Drawings.small(), Drawings.lan("<a href='x'>&\"\u0000\ud800", "]]><script>")),
                new TopologyMember(
                        "</text><script>alert(1)</script>",
                        "\u0001\ufffe",
                        Optional.empty(),
                        List.of("&lt;"),
                        Map.of(),
                        List.of(at("<a href='x'>&\"\u0000\ud800", "--"), at("nowhere", "\ud83d\ude00".repeat(40))),
                        true));

        String svg = TopologyDrawing.svg(hostile);

        assertThat(svg).doesNotContain("<script", "<a href").contains("&lt;/text&gt;");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(svg)).isTrue();
        assertWellFormed(svg);
    }

    @Test
    void anEmptyTopologyIsAPictureToo() {
        assertWellFormed(TopologyDrawing.svg(Drawings.topology("empty", List.of(), List.of())));
    }

    private static void assertWellFormed(String svg) {
        assertThatCode(() -> {
                    long open = svg.chars().filter(c -> c == '<').count();
                    long close = svg.chars().filter(c -> c == '>').count();
                    assertThat(open).isEqualTo(close);
                    new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)).close();
                })
                .doesNotThrowAnyException();
    }
}
