package decnet.decoys.ssh;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.KeyExchange;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.random.Random;
import org.apache.sshd.common.random.RandomFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;

/**
 * The protocol library, set up for one machine: algorithms and services, and nothing that listens, waits or has threads. The
 * server object of the library is never started; sessions take their settings from it.
 */
final class SshLibrary {
    static {
        // the library logs what attackers send; without a log provider in the image its facade would complain on
        // standard error
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
    }

    private SshLibrary() {}

    static SshServer of(SshProfile profile, RandomGenerator random) {
        OpenSshDefaults defaults = profile.defaults();
        SshServer server = new SshServer();
        server.setRandomFactory(new Chances(random));
        server.setKeyExchangeFactories(defaults.kex().stream()
                .map(name -> (KeyExchangeFactory) new Exchange(name, profile, random))
                .toList());
        server.setCipherFactories(defaults.ciphers().stream()
                .map(BuiltinCiphers::fromFactoryName)
                .map(one -> (NamedFactory<Cipher>) one)
                .toList());
        server.setMacFactories(defaults.macs().stream().map(SshLibrary::mac).toList());
        NamedFactory<Compression> none = BuiltinCompressions.none;
        server.setCompressionFactories(List.of(none, new Zlib()));
        server.setServiceFactories(List.of(new Layer("ssh-userauth"), new Layer("ssh-connection")));
        CoreModuleProperties.REKEY_TIME_LIMIT.set(server, java.time.Duration.ZERO);
        CoreModuleProperties.IGNORE_MESSAGE_FREQUENCY.set(server, 0L);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, java.time.Duration.ZERO);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, java.time.Duration.ZERO);
        return server;
    }

    private static NamedFactory<Mac> mac(String name) {
        return name.startsWith("umac-") ? new Umac.Factory(name) : BuiltinMacs.fromFactoryName(name);
    }

    private record Chances(RandomGenerator random) implements RandomFactory {
        @Override
        public String getName() {
            return "engine";
        }

        @Override
        public boolean isSupported() {
            return true;
        }

        @Override
        public Random create() {
            return new Chance(random);
        }
    }

    private record Exchange(String name, SshProfile profile, RandomGenerator random) implements KeyExchangeFactory {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public KeyExchange createKeyExchange(Session session) {
            return new ServerKex(name, session, profile.hostKeys(), random);
        }
    }

    private record Zlib() implements NamedFactory<Compression> {
        @Override
        public String getName() {
            return DelayedZlib.NAME;
        }

        @Override
        public Compression create() {
            return new DelayedZlib();
        }
    }

    private record Layer(String name) implements ServiceFactory {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public Service create(Session session) {
            SshTransport transport = (SshTransport) session;
            return name.equals("ssh-userauth") ? new AuthService(transport) : transport.connectionService();
        }
    }
}
