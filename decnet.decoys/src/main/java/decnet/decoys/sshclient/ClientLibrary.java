package decnet.decoys.sshclient;

import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;

/** The protocol library, set up for clients: algorithms, and nothing that connects, waits, reads keys or has threads. */
final class ClientLibrary {
    static {
        // without a log provider in the image the library's facade would complain on standard error
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
    }

    private ClientLibrary() {}

    /** @param product what the client calls itself, for example {@code OpenSSH_9.2p1} */
    static SshClient of(String product) {
        SshClient client = ClientBuilder.builder()
                .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
                .serverKeyVerifier((session, address, key) -> false)
                .build();
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setUserAuthFactories(List.of(UserAuthPasswordFactory.INSTANCE)); // it wants one, and is never asked
        client.setServiceFactories(
                List.of(ClientUserAuthServiceFactory.INSTANCE, ClientConnectionServiceFactory.INSTANCE));
        CoreModuleProperties.CLIENT_IDENTIFICATION.set(client, product);
        CoreModuleProperties.REKEY_TIME_LIMIT.set(client, Duration.ZERO);
        CoreModuleProperties.IGNORE_MESSAGE_FREQUENCY.set(client, 0L);
        CoreModuleProperties.AUTH_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        return client;
    }
}
