package decnet.decoys.realism;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The account of this machine that logs in to real servers. Made for one comparison and removed after it. */
final class SystemUser {
    private SystemUser() {}

    static void make() throws IOException, InterruptedException {
        RealServer.needRoot();
        remove();
        RealServer.run("useradd", "-m", "-u", "4242", "-k", "/nonexistent", "-s", "/bin/bash", Subjects.USER);
        Process process = new ProcessBuilder("chpasswd").start();
        process.getOutputStream()
                .write((Subjects.USER + ":" + Subjects.PASSWORD + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        process.waitFor();
    }

    static void remove() throws IOException, InterruptedException {
        RealServer.run("userdel", "-r", Subjects.USER);
    }
}
