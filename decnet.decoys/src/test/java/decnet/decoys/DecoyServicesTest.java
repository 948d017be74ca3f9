package decnet.decoys;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.topology.ServiceCatalogue;
import decnet.topology.ServiceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoyServicesTest {
    @Test
    void eachServiceIsInTheCatalogueOnceAndEachOfTheCatalogueIsSpoken() {
        List<String> spoken = DecoyServices.all().stream()
                .map(DecoyService::slug)
                .filter(slug -> !slug.equals(ServiceCatalogue.CUSTOM))
                .toList();

        assertThat(spoken).doesNotHaveDuplicates();
        assertThat(ServiceCatalogue.all()).extracting(ServiceSpec::slug).containsAll(spoken);
        assertThat(ServiceCatalogue.all()).extracting(ServiceSpec::slug).allMatch(spoken::contains);
    }

    @Test
    void whatIsTooLongForALineIsCutAndCounted() {
        var counters = new decnet.core.Counters();
        var fields = EventFields.fit(java.util.Map.of("a", "x".repeat(8190) + "\\x41", "b", "y"), counters);

        assertThat(fields).containsEntry("b", "y").containsEntry("a", "x".repeat(8190));
        assertThat(counters.value(DecoysCounter.FIELDS_CUT)).isEqualTo(1);
    }
}
