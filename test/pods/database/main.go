// Database is the first program of the stories' MariaDB image: it makes the system tables where there are none, and becomes mariadbd, with the
// arguments that it has. INIT_SQL, if it is set, is what the server runs at each start; else that makes a database for a user with
// MARIADB_PASSWORD, which is what the official image calls it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

const (
	server  = "/usr/sbin/mariadbd"
	scripts = "/usr/share/mysql/"
	data    = "/var/lib/mysql"
	first   = "/tmp/first.sql"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "wait" {
		told := make(chan os.Signal, 1)
		signal.Notify(told, syscall.SIGTERM)
		<-told
		return
	}
	if _, err := os.Stat(data + "/mysql"); err != nil {
		must(makeTables())
	}
	sql := os.Getenv("INIT_SQL")
	if sql == "" {
		sql = userSQL()
	}
	must(os.WriteFile(first, []byte(sql), 0o600))
	own := append(arguments(), "--init-file="+first, "--socket=/tmp/mysqld.sock")
	must(syscall.Exec(server, append(own, os.Args[1:]...), os.Environ()))
}

// A user that exists keeps the password that it has.
func userSQL() string {
	return fmt.Sprintf("CREATE DATABASE IF NOT EXISTS shop;\nCREATE USER IF NOT EXISTS app@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON shop.* TO app@'%%';\n", os.Getenv("MARIADB_PASSWORD"))
}

func arguments() []string {
	return []string{server, "--no-defaults", "--user=root", "--datadir=" + data, "--skip-log-bin", "--innodb-buffer-pool-size=16M"}
}

func makeTables() error {
	sql := bytes.NewBufferString("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n")
	for _, name := range []string{"mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data", "maria_add_gis_sp_bootstrap"} {
		script, err := os.ReadFile(scripts + name + ".sql")
		if err != nil {
			return err
		}
		for _, line := range strings.SplitAfter(string(script), "\n") {
			if !strings.Contains(line, "@current_hostname") {
				sql.WriteString(line)
			}
		}
	}
	command := exec.Command(server, append(arguments()[1:], "--bootstrap", "--max-allowed-packet=8M")...)
	command.Stdin, command.Stdout, command.Stderr = sql, os.Stdout, os.Stderr
	return command.Run()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
