package decnet.decoys.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DecoyContext;
import decnet.decoys.Disk;
import decnet.decoys.Fixtures;
import decnet.decoys.Payload;
import decnet.decoys.Script;
import decnet.topology.Decky;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpDialogueTest {
    private static final Decky DECKY = Fixtures.decky("[files]\narchetype = file-server\nservices = tftp\n");
    private final DecoyContext context = Fixtures.context(DECKY.persona(), Map.of());

    private Script talk() {
        context.disk()
                .put("/srv/tftp/boot.cfg", Disk.Node.file(0644, "root", Fixtures.NOW, Payload.of("d".repeat(1000))));
        return new Script(new TftpService().on(context));
    }

    @Test
    void aFileIsSentInBlocksUntilAShortOne() {
        Script script = talk();
        script.send("\0\1boot.cfg\0octet\0").expect("\0\3\0\1" + "d".repeat(512));
        script.send("\0\4\0\1").expect("\0\3\0\2" + "d".repeat(488));
        script.send("\0\4\0\2");
        assertThat(script.closed).isTrue();
    }

    @Test
    void optionsAreAgreedOnBeforeTheFirstBlock() {
        Script script = talk();
        script.send("\0\1boot.cfg\0octet\0blksize\0001024\0tsize\0000\0none\0001\0")
                .expect("\0\6blksize\0001024\0tsize\0001000\0");
        script.send("\0\4\0\0").expect("\0\3\0\1" + "d".repeat(1000));
    }

    @Test
    void aFileOutsideTheFolderIsNotFound() {
        talk().send("\0\1../../etc/passwd\0octet\0").expect("\0\5\0\1File not found\0");
        talk().send("\0\1/etc/passwd\0netascii\0").expect("\0\5\0\1File not found\0");
    }

    @Test
    void anUploadIsKeptEvenIfItsLastBlockNeverComes() {
        Script script = talk();
        script.send("\0\2mirai.arm7\0octet\0").expect("\0\4\0\0");
        script.send("\0\3\0\1" + "e".repeat(512)).expect("\0\4\0\1");
        script.send("\0\3\0\1" + "e".repeat(512)).expect("\0\4\0\1"); // sent again
        script.take(script.dialogue().closed());

        assertThat(script.events("file_upload")).singleElement().satisfies(seen -> {
            assertThat(seen.fields()).containsEntry("name", "mirai.arm7").containsEntry("bytes", "512");
            assertThat(seen.content().orElseThrow().length()).isEqualTo(512);
        });
    }

    @Test
    void whatIsLostIsSentAgainAFewTimes() {
        Script script = talk();
        script.send("\0\1boot.cfg\0octet\0");
        String block = script.said();
        for (int i = 0; i < 5; i++) {
            script.take(script.dialogue().timer()).expect(block);
        }
        script.take(script.dialogue().timer());
        assertThat(script.closed).isTrue();
    }

    @Test
    void badRequestsAreRefusedAsTheyAre() {
        talk().send("\0\1boot.cfg\0mail\0").expect("\0\5\0\4Unknown mode\0");
        talk().send("\0\1boot.cfg\0octet\0blksize\0007\0").expect("\0\5\0\bInvalid option\0");
        Script odd = talk();
        odd.send("\0\11whatever").expect("");
        assertThat(odd.events("unknown_input")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverArrivesItGoesOn(long seed) {
        Script.fuzz(
                new TftpService().on(context),
                seed,
                100,
                List.of("\0\1a\0octet\0", "\0\2a\0octet\0blksize\0009\0", "\0\3\0\1xyz", "\0\4\0\0", "\0\5\0\0\0"));
    }
}
