package decnet.topology;

import static decnet.topology.PersonaMaker.pick;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes the files an intruder finds on one machine: in its users' homes, its web and transfer folders. No two machines get the same. */
final class BaitMaker {
    private static final List<String> PROJECTS = List.of(
            "billing",
            "orders",
            "warehouse",
            "crm",
            "reports",
            "tickets",
            "payroll",
            "shop",
            "sync",
            "gateway",
            "archive");
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
    private static final String SYMBOLS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final Persona persona;
    private final SplittableRandom random;
    private final List<Bait> bait = new ArrayList<>();
    private final String project;
    private final String network;

    BaitMaker(Persona persona, SplittableRandom random) {
        this.persona = persona;
        this.random = random;
        this.project = pick(random, PROJECTS);
        this.network = "10." + random.nextInt(10, 200) + "." + random.nextInt(1, 60) + ".";
    }

    List<Bait> make() {
        if (persona.os().shell().equals("ash")) {
            device();
        } else {
            server();
        }
        return bait;
    }

    private void server() {
        String root = "/opt/" + project;
        String key = token(24);
        add(root + "/.env", "root", 0640, """
            APP_ENV=production
            APP_KEY=base64:%s=
            DB_HOST=%s
            DB_DATABASE=%s_%s
            DB_USERNAME=%s
            DB_PASSWORD=%s
            REDIS_URL=redis://%s:6379/%d
            SMTP_HOST=mail.%s
            """.formatted(
                        token(43),
                        host(),
                        project,
                        pick(random, List.of("prod", "live", "main")),
                        project,
                        token(12),
                        host(),
                        random.nextInt(1, 9),
                        persona.domain()));
        add(root + "/deploy.sh", "root", 0755, """
            #!/bin/bash
            set -e
            cd /opt/%1$s
            git pull origin %2$s
            ./build.sh && systemctl restart %1$s
            curl -s -H "Authorization: Bearer %3$s" https://ci.%4$s/hooks/%1$s
            """.formatted(
                        project, pick(random, List.of("main", "master", "release")), key, persona.domain()));
        for (Account account : persona.accounts()) {
            if (account.person()) {
                history(account);
            }
        }
        Account person = persona.accounts().getLast();
        add(
                person.home() + "/" + pick(random, List.of("notes.txt", "todo.txt", "TODO", "handover.txt")),
                person.name(),
                0644,
                """
                - renew certificate for %1$s.%2$s before the %3$dth
                - ask %4$s about the %5$s export (still %6$d files missing)
                - new login for %1$s: %7$s / %8$s
                """.formatted(
                                project,
                                persona.domain(),
                                random.nextInt(4, 29),
                                pick(random, List.of("Klaus", "Ines", "Tom", "Petra", "Greg")),
                                pick(random, WORDS),
                                random.nextInt(3, 60),
                                pick(random, List.of("svc", "report", "export")) + random.nextInt(10),
                                token(10)));
        String backup = "/var/backups/%s-%s.sql".formatted(project, day());
        add(backup, "root", 0600, """
            -- MySQL dump 10.19  Distrib 10.%d.%d-MariaDB, for debian-linux-gnu (x86_64)
            -- Host: %s    Database: %s
            DROP TABLE IF EXISTS `users`;
            INSERT INTO `users` VALUES (1,'%s','%s@%s','$2y$10$%s');
            """.formatted(
                        random.nextInt(3, 12),
                        random.nextInt(1, 20),
                        host(),
                        project,
                        person.name(),
                        person.name(),
                        persona.domain(),
                        token(53)));
        if (persona.archetype().contains("file") || persona.archetype().contains("web")) {
            for (int i = random.nextInt(3, 6); i > 0; i--) {
                String word = pick(random, WORDS);
                add("/srv/ftp/" + word + "-" + day() + ".csv", "root", 0644, csv(word));
            }
        }
    }

    private void device() {
        add("/etc/config/network.conf", "root", 0600, """
            ipaddr=%s
            gateway=%s1
            dns=%s1
            ntp=pool.ntp.org
            """.formatted(host(), network, network));
        add("/etc/config/rtsp.conf", "root", 0600, """
            port=554
            user=viewer
            passwd=%s
            stream0=/ch%02d/main
            """.formatted(token(8), random.nextInt(1, 17)));
        add("/etc/config/device.info", "root", 0644, """
            serial=%s
            firmware=V%d.%d.%d build %s
            """.formatted(
                        token(12).toUpperCase(java.util.Locale.ROOT),
                        random.nextInt(3, 6),
                        random.nextInt(0, 9),
                        random.nextInt(1, 30),
                        day().substring(2)));
    }

    private void history(Account account) {
        List<String> pool = new ArrayList<>(List.of(
                "ls -la",
                "df -h",
                "htop",
                "cd /opt/" + project,
                "git pull",
                "vim .env",
                "systemctl status " + project,
                "tail -n 100 /var/log/syslog",
                "ssh " + pick(random, List.of("backup", "deploy", "git")) + "@" + host(),
                "mysql -h " + host() + " -u " + project + " -p",
                "sudo apt update",
                "sudo systemctl restart " + project,
                "crontab -l",
                "du -sh /var/*",
                "free -m",
                "ping " + host(),
                "scp " + project + ".tar.gz " + host() + ":/tmp/",
                "cat /etc/hosts",
                "journalctl -u " + project + " --since today",
                "exit"));
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7, 16); i > 0; i--) {
            text.append(pool.remove(random.nextInt(pool.size()))).append('\n');
        }
        add(account.home() + "/.bash_history", account.name(), 0600, text.toString());
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

    private void add(String path, String owner, int mode, String text) {
        bait.add(new Bait(path, owner, mode, moment(), text));
    }

    private Instant moment() {
        long span = Duration.between(persona.installedAt(), persona.bootedAt()).toSeconds();
        return persona.installedAt().plusSeconds(random.nextLong(span / 8, span));
    }

    private String day() {
        return moment().toString().substring(0, 10);
    }

    private String host() {
        return network + random.nextInt(5, 250);
    }

    private String token(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
        }
        return text.toString();
    }
}
