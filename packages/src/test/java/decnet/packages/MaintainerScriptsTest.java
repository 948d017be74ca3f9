package decnet.packages;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.runtime.HostFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainerScriptsTest {
    private static final List<Units.Unit> UNITS = List.of(
            new Units.Unit(new UnitFile("decnet-x.service"), "bus", Units.Use.ENABLED),
            new Units.Unit(new UnitFile("decnet-y.service"), "bus", Units.Use.ON_DEMAND),
            new Units.Unit(new UnitFile("decnet.target"), "bus", Units.Use.ENABLED));

    private static final List<HostFolder> FOLDERS = List.of(
            new HostFolder("run", "", "decnet", "decnet-run", 03770),
            new HostFolder("state", "journal", "decnet", "decnet", 0755));

    @TempDir
    private Path folder = Path.of("/nowhere");

    @Test
    void everyScriptIsWholeAndTheShellUnderstandsIt() throws IOException {
        for (String name : List.of("decnet-common", "decnet-herd")) {
            for (Map.Entry<String, String> script :
                    new MaintainerScripts(UNITS, FOLDERS).of(name).entrySet()) {
                if (script.getKey().equals("templates")) {
                    continue;
                }
                Path file = Files.writeString(folder.resolve(name + "." + script.getKey()), script.getValue());

                assertThat(script.getValue()).startsWith("#!/bin/sh\n").doesNotContainPattern("@[A-Z]+@");
                assertThat(script.getValue().contains("folder /var/lib/decnet/journal decnet decnet 755\n"))
                        .isEqualTo(script.getKey().equals("postinst") && name.equals("decnet-common"));
                Tool.run(Duration.ofSeconds(20), "sh", "-n", file.toString()).succeeded();
            }
        }
    }

    @Test
    void anUpgradeRestartsWhatRunsAndAnInstallationStartsWhatIsEnabled() {
        String script = new MaintainerScripts(UNITS, FOLDERS).of("decnet-herd").get("postinst");

        assertThat(script)
                .contains("try-restart decnet-x.service decnet-y.service >")
                .contains("start decnet-x.service decnet.target >");
    }

    @Test
    void theRunFolderIsMadeAtEachBootAndClosedToStrangers() {
        assertThat(MaintainerScripts.temporaryFolders(FOLDERS)).isEqualTo("d /run/decnet 3770 decnet decnet-run -\n");
    }
}
