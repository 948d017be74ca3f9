package decnet.decoys.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import decnet.decoys.DataDialogue;
import decnet.decoys.DecoyContext;
import decnet.decoys.Fixtures;
import decnet.decoys.Script;
import decnet.decoys.Step.Demand;
import decnet.topology.Account;
import decnet.topology.Decky;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FtpDialogueTest {
    private static final Decky DECKY = Fixtures.decky("[files]\narchetype = file-server\ndistro = debian12");
    private static final Account ACCOUNT = DECKY.persona().accounts().getLast();

    private final DecoyContext context = Fixtures.context(DECKY.persona(), Map.of());

    private Script open() {
        return new Script(new FtpService().on(context));
    }

    private Script loggedIn() {
        Script script = open().send("USER " + ACCOUNT.name() + "\r\nPASS "
                + ACCOUNT.password().orElseThrow().text() + "\r\n");
        script.expect("220 (vsFTPd 3.0.3)\r\n331 Please specify the password.\r\n230 Login successful.\r\n");
        return script;
    }

    @Test
    void onlyThePersonasLogInsWorkAndEachAttemptIsTold() {
        Script script = open().send("USER root\r\nPASS root\r\n");

        script.expect("220 (vsFTPd 3.0.3)\r\n331 Please specify the password.\r\n530 Login incorrect.\r\n");
        assertThat(script.delay).isPositive();
        assertThat(script.events("login_attempt").getFirst().fields())
                .containsEntry("principal", "root")
                .containsEntry("outcome", "rejected");
        loggedIn();
    }

    @Test
    void theThirdFailureEndsTheConnection() {
        Script script = open();
        for (int i = 0; i < 3; i++) {
            script.send("USER a\r\nPASS b" + i + "\r\n");
        }

        assertThat(script.closed).isTrue();
        assertThat(script.events("login_attempt")).hasSize(3);
    }

    @Test
    void nothingIsToldBeforeTheLogIn() {
        open().send("PWD\r\nLIST\r\n")
                .expect("220 (vsFTPd 3.0.3)\r\n"
                        + "530 Please login with USER and PASS.\r\n"
                        + "530 Please login with USER and PASS.\r\n");
    }

    @Test
    void anUploadIsKeptAndIsThereForTheNextVisitor() {
        Script script = loggedIn().send("TYPE I\r\nPASV\r\n");
        DataDialogue dialogue = (DataDialogue) script.dialogue();
        script.take(dialogue.dataListening(0x1234)).send("STOR x.sh\r\n");
        script.take(dialogue.dataConnected())
                .take(dialogue.dataReceived(ByteBuffer.wrap("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII))));
        script.take(dialogue.dataFinished());

        script.expect("200 Switching to Binary mode.\r\n"
                + "227 Entering Passive Mode (127,1,1,1,18,52).\r\n"
                + "150 Ok to send data.\r\n"
                + "226 Transfer complete.\r\n");
        assertThat(script.events("file_upload")).singleElement().satisfies(seen -> {
            assertThat(seen.fields())
                    .containsEntry("name", ACCOUNT.home() + "/x.sh")
                    .containsEntry("size", "10")
                    .containsEntry("via", "ftp");
            assertThat(seen.content().orElseThrow().length()).isEqualTo(10);
        });
        Script next = loggedIn().send("SIZE x.sh\r\nEPSV\r\n");
        next.take(((DataDialogue) next.dialogue()).dataListening(99))
                .send("LIST\r\n")
                .take(((DataDialogue) next.dialogue()).dataConnected());
        next.expect(
                "213 10\r\n229 Entering Extended Passive Mode (|||99|)\r\n150 Here comes the directory listing.\r\n");
        Demand.Send sent = (Demand.Send) next.demands.getLast();
        assertThat(new String(sent.bytes().bytes(), StandardCharsets.UTF_8))
                .contains("-rw-------    1 %1$-8d %1$-8d       10 Mar 04 05:06 x.sh\r\n".formatted(ACCOUNT.uid()));
    }

    @Test
    void baitCanBeFetched() {
        Script script = loggedIn().send("PASV\r\n");
        DataDialogue dialogue = (DataDialogue) script.dialogue();
        String bait = DECKY.persona().bait().stream()
                .filter(file -> file.path().startsWith("/srv/ftp/"))
                .findFirst()
                .orElseThrow()
                .path();
        script.take(dialogue.dataListening(2000))
                .send("RETR " + bait + "\r\n")
                .take(dialogue.dataConnected())
                .take(dialogue.dataFinished());

        assertThat(script.said())
                .contains("150 Opening BINARY mode data connection for ", "226 Transfer complete.\r\n");
    }

    @Test
    void itNeverConnectsOut() {
        Script script = loggedIn().send("PORT 10,0,0,1,4,1\r\nLIST\r\n");

        script.expect("500 Illegal PORT command.\r\n425 Use PORT or PASV first.\r\n");
        assertThat(script.demands).isEmpty();
    }

    @Test
    void anOverlongLineEndsTheConnection() {
        assertThat(open().send("A".repeat(5000)).closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomInputBreaksNothing(long seed) {
        Script.fuzz(
                new FtpService().on(context),
                seed,
                150,
                List.of(
                        "\r\n",
                        "USER " + ACCOUNT.name() + "\r\nPASS "
                                + ACCOUNT.password().orElseThrow().text() + "\r\n",
                        "CWD ",
                        "../",
                        "MKD ",
                        "RNFR ",
                        "RNTO x\r\n",
                        "SITE CHMOD 777 ",
                        "PASV\r\n",
                        "LIST -la\r\n",
                        "RETR /etc/passwd\r\n",
                        "REST 99999999999\r\n",
                        "SIZE ",
                        "DELE "));
    }
}
