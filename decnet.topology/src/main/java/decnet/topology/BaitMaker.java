package decnet.topology;

import static decnet.topology.Chance.pick;

import decnet.core.Secret;
import decnet.topology.SiteView.Colleague;
import decnet.topology.Targets.Login;
import decnet.topology.Targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes the files an intruder finds on one machine. No two machines get the same. The passwords in them are those of service accounts
 * on other machines of the site, and log in there. Not thread-safe.
 */
final class BaitMaker {
    private static final List<String> WORDS = List.of(
            "invoice",
            "customers",
            "export",
            "report",
            "contract",
            "inventory",
            "backup",
            "budget",
            "staff",
            "meeting",
            "migration",
            "suppliers",
            "timesheet",
            "prices");
    private static final Set<String> SHELL = Set.of("ssh");
    private static final Set<String> COPY = Set.of("ssh", "ftp");
    private static final Set<String> LINE = Set.of("ssh", "ftp", "http");
    private static final Set<String> FILES = Set.of("ftp", "smb");
    private static final Set<String> ANY = Set.of("ssh", "telnet", "ftp", "http", "https", "smb", "rdp");

    private final Site site;
    private final Persona persona;
    private final Targets targets;
    private final SplittableRandom random;
    private final List<Bait> bait = new ArrayList<>();
    private final List<BaitCredential> named = new ArrayList<>();
    private final String project;

    BaitMaker(Site site, Persona persona, Targets targets, SplittableRandom random) {
        this.site = site;
        this.persona = persona;
        this.targets = targets;
        this.random = random;
        this.project = pick(random, site.projects());
    }

    List<Bait> make() {
        switch (persona.kind()) {
            case SERVER -> server();
            case WORKSTATION, WINDOWS_SERVER -> windows();
            case HYPERVISOR -> hypervisor();
            case NAS -> nas();
            case CAMERA, DEVICE -> device();
            case PRINTER -> printer();
            case PLC -> plant();
        }
        return bait;
    }

    private void server() {
        environment();
        add("/opt/" + project + "/deploy.sh", "root", 0755, """
            #!/bin/bash
            set -e
            cd /opt/%1$s
            git pull origin %2$s
            ./build.sh && systemctl restart %1$s
            curl -s -H "Authorization: Bearer %3$s" https://ci.%4$s/hooks/%1$s
            """.formatted(
                        project, pick(random, List.of("main", "master", "release")), token(24), persona.domain()));
        Account person = persona.accounts().getLast();
        for (Account account : persona.accounts()) {
            if (account.person() && (account.uid() <= 1000 || account.equals(person))) {
                history(account);
            }
        }
        notes(person);
        switch (random.nextInt(3)) {
            case 0 -> inventory(person);
            case 1 -> netrc(person);
            default -> copyScript();
        }
        dump(person);
        if (persona.archetype().contains("file") || persona.archetype().contains("web")) {
            for (int i = random.nextInt(3, 6); i > 0; i--) {
                String word = pick(random, WORDS);
                add("/srv/ftp/" + word + "-" + day() + ".csv", "root", 0644, csv(word));
            }
        }
    }

    private void environment() {
        Target database = targets.database(random, persona.hostname());
        Secret password = ContentsMaker.password(site, project);
        named(project, password);
        add("/opt/" + project + "/.env", "root", 0640, """
            APP_ENV=production
            APP_KEY=base64:%1$s=
            DB_HOST=%2$s.%5$s
            DB_DATABASE=%3$s
            DB_USERNAME=%3$s
            DB_PASSWORD=%4$s
            REDIS_URL=redis://%2$s:6379/%6$d
            SMTP_HOST=mail.%5$s
            """.formatted(
                token(43), database.hostname(), project, password.text(), persona.domain(), random.nextInt(1, 9)));
    }

    private void notes(Account person) {
        Target target = targets.draw(random, persona.hostname(), ANY);
        Login login = login(target);
        add(
                person.home() + "/" + pick(random, List.of("notes.txt", "todo.txt", "TODO", "handover.txt")),
                person.name(),
                0644,
                """
                - renew certificate for %1$s.%2$s before the %3$dth
                - ask %4$s about the %5$s export (still %6$d files missing)
                - new login for %7$s: %8$s / %9$s
                """.formatted(
                                project,
                                persona.domain(),
                                random.nextInt(4, 29),
                                colleague().firstName(),
                                pick(random, WORDS),
                                random.nextInt(3, 60),
                                target.hostname(),
                                login.name(),
                                login.password().text()));
    }

    /** A list of machines for a tool that runs commands on all of them. */
    private void inventory(Account person) {
        Target first = targets.draw(random, persona.hostname(), SHELL);
        Login login = login(first);
        StringBuilder text = new StringBuilder("# " + site.company() + ", " + day() + "\n[" + project + "]\n");
        text.append(entry(first));
        targets.others(persona.hostname()).stream()
                .filter(one -> !one.equals(first) && one.logins().contains(login) && one.offers(SHELL))
                .limit(random.nextInt(1, 5))
                .forEach(one -> text.append(entry(one)));
        text.append("\n[%1$s:vars]\nansible_user=%2$s\nansible_password=%3$s\n"
                .formatted(project, login.name(), login.password().text()));
        add(
                pick(random, List.of("/etc/ansible/hosts", person.home() + "/ansible/inventory.ini")),
                person.name(),
                0640,
                text.toString());
    }

    private static String entry(Target target) {
        return target.hostname() + (target.address().isEmpty() ? "" : " ansible_host=" + target.address()) + "\n";
    }

    private void netrc(Account person) {
        Target target = targets.draw(random, persona.hostname(), FILES);
        Login login = login(target);
        add(
                person.home() + "/.netrc",
                person.name(),
                0600,
                "# %s since %s, ticket %d\nmachine %s.%s\n  login %s\n  password %s\n"
                        .formatted(
                                project,
                                day(),
                                random.nextInt(1000, 99_999),
                                target.hostname(),
                                persona.domain(),
                                login.name(),
                                login.password().text()));
    }

    /** A command that takes a file there. */
    private String copy(Target target, Login login, String file) {
        String folder = pick(random, List.of("backup", "archive", "dumps", project));
        return target.services().contains("ssh")
                ? "sshpass -p '%s' scp -q %s %s@%s:/srv/%s/"
                        .formatted(login.password().text(), file, login.name(), target.hostname(), folder)
                : "curl -s -T %s -u '%s:%s' ftp://%s/%s/"
                        .formatted(file, login.name(), login.password().text(), target.hostname(), folder);
    }

    /** A command that somebody typed to look at something there. */
    private String look(Target target, Login login) {
        if (target.services().contains("ssh")) {
            return "sshpass -p '" + login.password().text() + "' ssh " + login.name() + "@" + target.hostname() + " "
                    + pick(random, List.of("uptime", "df -h", "sudo reboot", "ls /srv"));
        }
        return "curl -u '" + login.name() + ":" + login.password().text() + "' "
                + (target.services().contains("ftp") ? "ftp" : "http") + "://" + target.hostname() + "/";
    }

    private void copyScript() {
        Target target = targets.draw(random, persona.hostname(), COPY);
        Login login = login(target);
        add("/usr/local/bin/" + project + "-backup.sh", "root", 0750, """
            #!/bin/sh
            # nightly, see crontab; ask %3$s if it fails
            F=/var/backups/%1$s-$(date +%%F).tar.gz
            tar czf $F /opt/%1$s
            %2$s && rm $F
            """.formatted(
                        project, copy(target, login, "$F"), colleague().firstName()));
    }

    private void dump(Account person) {
        add("/var/backups/%s-%s.sql".formatted(project, day()), "root", 0600, """
            -- MySQL dump 10.19  Distrib 10.%d.%d-MariaDB, for debian-linux-gnu (x86_64)
            -- Host: %s    Database: %s
            DROP TABLE IF EXISTS `users`;
            INSERT INTO `users` VALUES (1,'%s','%s@%s','$2y$10$%s');
            """.formatted(
                        random.nextInt(3, 12),
                        random.nextInt(1, 20),
                        targets.database(random, persona.hostname()).hostname(),
                        project,
                        person.name(),
                        person.name(),
                        persona.domain(),
                        token(53)));
    }

    private void history(Account account) {
        Target target = targets.draw(random, persona.hostname(), SHELL);
        Target database = targets.database(random, persona.hostname());
        List<String> pool = new ArrayList<>(List.of(
                "ls -la",
                "df -h",
                "htop",
                "cd /opt/" + project,
                "git pull",
                "vim .env",
                "systemctl status " + project,
                "tail -n 100 /var/log/syslog",
                "ssh " + target.hostname(),
                "mysql -h " + database.hostname() + " -u " + project + " -p",
                "sudo apt update",
                "sudo systemctl restart " + project,
                "crontab -l",
                "du -sh /var/*",
                "free -m",
                "ping " + site.nameserver(),
                "scp " + project + "-" + day() + ".tar.gz " + target.hostname() + ":/tmp/",
                "cat /etc/hosts",
                "journalctl -u " + project + " --since today",
                "exit"));
        List<String> lines = new ArrayList<>(Chance.some(random, pool, random.nextInt(7, 16)));
        if (account.equals(persona.accounts().getFirst())) {
            Target other = targets.draw(random, persona.hostname(), LINE);
            lines.add(random.nextInt(lines.size()), look(other, login(other)));
        }
        lines.add(random.nextInt(lines.size()), "less /var/log/" + project + "-" + day() + ".log");
        add(account.home() + "/.bash_history", account.name(), 0600, String.join("\n", lines) + "\n");
    }

    private void windows() {
        Account person = persona.accounts().getLast();
        Target target = targets.draw(random, persona.hostname(), FILES);
        Login login = login(target);
        add("C:\\Scripts\\" + project + "-backup.ps1", person.name(), 0644, """
            # %1$s %2$s
            net use B: \\\\%3$s\\%4$s /user:%5$s %6$s
            robocopy D:\\%2$s B:\\%2$s /MIR /LOG:C:\\Scripts\\%7$s.log
            net use B: /delete
            """.formatted(
                        site.company(),
                        project,
                        target.hostname(),
                        pick(random, List.of("backup", "archive", "projects")),
                        login.name(),
                        login.password().text(),
                        day())
                .replace("\n", "\r\n"));
        Target other = targets.draw(random, persona.hostname(), ANY);
        Login second = login(other);
        add(
                person.home() + "\\Desktop\\" + pick(random, List.of("logins.txt", "access.txt", "notes.txt")),
                person.name(),
                0644,
                """
                %1$s: %2$s / %3$s
                ask %4$s for %5$s (ext. %6$d)
                """.formatted(
                                other.hostname(),
                                second.name(),
                                second.password().text(),
                                colleague().fullName(),
                                project,
                                random.nextInt(100, 999))
                        .replace("\n", "\r\n"));
    }

    private void hypervisor() {
        Target target = targets.draw(random, persona.hostname(), SHELL);
        Login login = login(target);
        add("/vmfs/volumes/datastore1/scripts/save-config.sh", "root", 0755, """
            #!/bin/sh
            # host profile of %1$s, %2$s
            B=$(vim-cmd hostsvc/firmware/backup_config | sed 's/.*http/http/')
            wget -q -O /tmp/%1$s.tgz "$B"
            # %3$s / %4$s on %5$s
            scp /tmp/%1$s.tgz %3$s@%5$s:/srv/backup/
            """.formatted(
                persona.hostname(), day(), login.name(), login.password().text(), target.hostname()));
    }

    private void nas() {
        Target target = targets.draw(random, persona.hostname(), SHELL);
        Login login = login(target);
        add(
                "/volume1/it/" + pick(random, List.of("servers.txt", "hosts.txt", "access.txt")),
                "admin",
                0660,
                """
                %1$s, state of %2$s, %3$s

                %4$s   %5$s / %6$s
                """.formatted(
                                site.company(),
                                day(),
                                colleague().fullName(),
                                target.hostname(),
                                login.name(),
                                login.password().text()));
        Target source = targets.draw(random, persona.hostname(), COPY);
        Login reader = login(source);
        add("/volume1/backup/" + project + ".conf", "admin", 0660, """
            ; %6$s
            [task_%1$s]
            src_host=%2$s
            src_path=/opt/%1$s
            user=%3$s
            pass=%4$s
            keep=%5$d
            """.formatted(
                project, source.hostname(), reader.name(), reader.password().text(), random.nextInt(5, 60), day()));
    }

    private void device() {
        SiteView view = persona.site();
        add("/etc/config/network.conf", "root", 0600, """
            ipaddr=%s
            gateway=%s
            dns=%s
            ntp=pool.ntp.org
            """.formatted(view.address(), view.gateway(), view.nameserver()));
        Target target = targets.draw(random, persona.hostname(), FILES);
        Login login = login(target);
        add("/etc/config/ftp.conf", "root", 0600, """
            enable=1
            server=%s
            port=21
            user=%s
            passwd=%s
            path=/%s/ch%02d
            """.formatted(
                        target.address().isEmpty() ? target.hostname() : target.address(),
                        login.name(),
                        login.password().text(),
                        persona.hostname(),
                        random.nextInt(1, 17)));
        add("/etc/config/device.info", "root", 0644, """
            serial=%s
            firmware=%s
            build=%s
            """.formatted(
                        persona.identity().serialNumber(), persona.os().prettyName(), day().substring(2)));
    }

    private void printer() {
        Target target = targets.draw(random, persona.hostname(), FILES);
        Login login = login(target);
        add("/profiles/scan.csv", "admin", 0600, """
            name,server,folder,user,password
            %1$s,%2$s,scans/%3$s,%4$s,%5$s
            """.formatted(
                        colleague().fullName(),
                        target.hostname(),
                        persona.hostname().toLowerCase(Locale.ROOT),
                        login.name(),
                        login.password().text()));
    }

    private void plant() {
        add("/web/info.txt", "admin", 0644, """
            %s
            %s, %s
            program %s of %s
            """.formatted(
                        persona.hardware().model(),
                        persona.hostname(),
                        persona.identity().serialNumber(),
                        token(8),
                        day()));
    }

    private String csv(String word) {
        StringBuilder text = new StringBuilder("id;" + word + ";amount;date\n");
        for (int i = random.nextInt(8, 30), id = random.nextInt(1000, 9000); i > 0; i--, id += random.nextInt(1, 9)) {
            text.append(id)
                    .append(';')
                    .append(token(6))
                    .append(';')
                    .append(random.nextInt(20, 9000))
                    .append('.')
                    .append(random.nextInt(10, 100))
                    .append(';')
                    .append(day())
                    .append('\n');
        }
        return text.toString();
    }

    /** One of the target's pairs, which the next file names. */
    private Login login(Target target) {
        Login login = pick(random, target.logins());
        named(login.name(), login.password());
        return login;
    }

    private void named(String principal, Secret secret) {
        named.add(new BaitCredential(principal, secret));
    }

    private void add(String path, String owner, int mode, String text) {
        bait.add(new Bait(path, owner, mode, moment(), text, named));
        named.clear();
    }

    private Colleague colleague() {
        return pick(random, site.colleagues());
    }

    private Instant moment() {
        long span = Duration.between(persona.installedAt(), persona.bootedAt()).toSeconds();
        return persona.installedAt().plusSeconds(random.nextLong(span / 8, span));
    }

    private String day() {
        return moment().toString().substring(0, 10);
    }

    private String token(int length) {
        return Chance.token(random, length);
    }
}
