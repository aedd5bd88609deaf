// Oidc-provider is an OpenID provider with the users of a file, for tests of signing in: the certified one of zitadel/oidc, its storage in memory.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"flag"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

func main() {
	address := flag.String("address", "127.0.0.1:5556", "where it listens; the issuer is https:// and this")
	certificate := flag.String("certificate", "", "file to write its certificate to, in PEM")
	usersFile := flag.String("users", "", "file of its users: a JSON array of name, password, email and groups")
	client := flag.String("client", "coxswain", "the one client that it knows")
	secret := flag.String("secret", "", "that client's secret; without one the client is public")
	redirect := flag.String("redirect", "", "where it sends a browser that has signed in")
	lifetime := flag.Duration("lifetime", time.Hour, "how long an ID token is valid")
	flag.Parse()

	users, err := readUsers(*usersFile)
	if err != nil {
		log.Fatal(err)
	}
	known := storage.WebClient(*client, *secret, *redirect)
	if *secret == "" {
		known = storage.NativeClient(*client, *redirect)
	}
	storage.RegisterClients(known)
	store := claimingStorage{storage.NewStorage(users), users, *lifetime}
	handler := exampleop.SetupServer("https://"+*address, store, slog.New(slog.NewTextHandler(os.Stderr, nil)), false)
	own, err := selfSigned(*certificate)
	if err != nil {
		log.Fatal(err)
	}
	server := http.Server{Addr: *address, Handler: handler, TLSConfig: &tls.Config{Certificates: []tls.Certificate{own}}}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

type user struct {
	Name, Password, Email string
	Groups                []string
}

type userList []user

func readUsers(path string) (userList, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var users userList
	return users, json.Unmarshal(data, &users)
}

func (users userList) named(name string) *user {
	for index := range users {
		if users[index].Name == name {
			return &users[index]
		}
	}
	return nil
}

func (users userList) GetUserByID(id string) *storage.User {
	found := users.named(id)
	if found == nil {
		return nil
	}
	return &storage.User{ID: found.Name, Username: found.Name, Password: found.Password, Email: found.Email, EmailVerified: true}
}

func (users userList) GetUserByUsername(name string) *storage.User { return users.GetUserByID(name) }

func (users userList) ExampleClientID() string { return storage.ServiceUserID }

// claimingStorage puts the email and the groups of a user into the ID token, as most providers that clusters trust do.
type claimingStorage struct {
	*storage.Storage
	users    userList
	lifetime time.Duration
}

func (s claimingStorage) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, request op.IDTokenRequest, scopes []string) error {
	if err := s.Storage.SetUserinfoFromRequest(ctx, info, request, scopes); err != nil {
		return err
	}
	if found := s.users.named(request.GetSubject()); found != nil {
		info.Email = found.Email
		info.EmailVerified = oidc.Bool(true)
		info.AppendClaims("groups", found.Groups)
	}
	return nil
}

func (s claimingStorage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := s.Storage.GetClientByClientID(ctx, id)
	return shortLived{client, s.lifetime}, err
}

type shortLived struct {
	op.Client
	lifetime time.Duration
}

func (c shortLived) IDTokenLifetime() time.Duration { return c.lifetime }
