package decnet.decoys;

import decnet.decoys.custom.CustomService;
import decnet.decoys.ftp.FtpService;
import decnet.decoys.http.HttpService;
import decnet.decoys.redis.RedisService;
import decnet.decoys.ssh.SshService;
import decnet.decoys.telnet.TelnetService;
import decnet.decoys.tftp.TftpService;
import java.util.List;

/** The services this module speaks, one for each entry of the catalogue, and one for all of an operator's own. */
public final class DecoyServices {
    private DecoyServices() {}

    public static List<DecoyService> all() {
        return List.of(
                new FtpService(),
                new HttpService("http"),
                new HttpService("https"),
                new RedisService(),
                new SshService(),
                new TelnetService(),
                new TftpService(),
                new CustomService());
    }
}
