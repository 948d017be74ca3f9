package decnet.decoys.ssh;

import java.util.LinkedHashMap;
import java.util.Map;

/** What OpenSSH's {@code sftp-server} offers beyond version 3 ({@code PROTOCOL} of OpenSSH, section 4). */
final class SftpExtensions {
    private static final int BLOCK = 4096;

    private SftpExtensions() {}

    /** Name and version, in the order of the server. */
    static Map<String, String> offered(OpenSshDefaults defaults) {
        int version = defaults.version();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("posix-rename@openssh.com", "1");
        all.put("statvfs@openssh.com", "2");
        all.put("fstatvfs@openssh.com", "2");
        all.put("hardlink@openssh.com", "1");
        all.put("fsync@openssh.com", "1");
        all.put("lsetstat@openssh.com", "1");
        if (version >= 805) {
            all.put("limits@openssh.com", "1");
        }
        if (version >= 807) {
            all.put("expand-path@openssh.com", "1");
        }
        if (version >= 900) {
            all.put("copy-data", "1");
        }
        if (version >= 901) {
            all.put("home-directory", "1");
            all.put("users-groups-by-id@openssh.com", "1");
        }
        return all;
    }

    /** Longest packet, longest read, longest write, handles. */
    static long[] limits() {
        return new long[] {256 * 1024, 255 * 1024, 255 * 1024, 1019};
    }

    /** Of a small disk, in blocks: sizes, blocks, free, free for users, files, free, free for users, id, flags, longest name. */
    static long[] volume() {
        long blocks = 9_983_232;
        return new long[] {
            BLOCK, BLOCK, blocks, blocks / 3 * 2, blocks / 5 * 3, blocks / 4, blocks / 5, blocks / 5, 0xfd01, 0, 255
        };
    }
}
