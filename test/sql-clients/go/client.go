// Asks a SQL endpoint by clickhouse-go over HTTP, as Grafana's data source does (database/sql, OpenDB, gzip, PingContext first), and once
// more with the client's own compressions; prints one JSON document of what it says.
//
// usage: client HOST:PORT PATH COMPRESSION   (statements on standard input)
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

type statements struct {
	Journeys   string         `json:"journeys"`
	Types      string         `json:"types"`
	Echo       string         `json:"echo"`
	Empty      string         `json:"empty"`
	Many       string         `json:"many"`
	ByState    string         `json:"by state"`
	Parameters map[string]any `json:"parameters"`
	// any others, answered by their names alone
	Statements map[string]string `json:"statements"`
}

var compressions = map[string]clickhouse.CompressionMethod{
	"none": clickhouse.CompressionNone,
	"gzip": clickhouse.CompressionGZIP,
	"lz4":  clickhouse.CompressionLZ4,
	"zstd": clickhouse.CompressionZSTD,
}

func main() {
	var asked statements
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	defer cancel()
	answers := map[string]any{}
	for _, compression := range os.Args[3:] {
		db := clickhouse.OpenDB(&clickhouse.Options{
			Addr:        []string{os.Args[1]},
			Auth:        clickhouse.Auth{Database: "hoptime", Username: "default"},
			Protocol:    clickhouse.HTTP,
			HttpUrlPath: os.Args[2],
			Compression: &clickhouse.Compression{Method: compressions[compression]},
			DialTimeout: 10 * time.Second,
			ReadTimeout: 40 * time.Second,
			ClientInfo:  clickhouse.ClientInfo{Products: []struct{ Name, Version string }{{"grafana", "12.0.0"}, {"clickhouse-datasource", "4.10.0"}}},
		})
		answers[compression] = ask(ctx, db, asked)
		must(db.Close())
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

func ask(ctx context.Context, db *sql.DB, asked statements) map[string]any {
	must(db.PingContext(ctx))
	if asked.Statements != nil {
		answers := map[string]any{}
		for name, statement := range asked.Statements {
			answers[name] = rows(ctx, db, statement)
		}
		return answers
	}
	answers := map[string]any{
		"journeys": rows(ctx, db, asked.Journeys),
		"types":    rows(ctx, db, asked.Types),
		"empty":    rows(ctx, db, asked.Empty),
		"by state": rows(ctx, db, asked.ByState),
		"echo": rows(ctx, db, asked.Echo,
			clickhouse.Named("text", asked.Parameters["text"]), clickhouse.Named("none", nil),
			clickhouse.Named("list", []string{"it's", "a\\b", "ä"}), clickhouse.Named("id", asked.Parameters["id"])),
		"bound": rows(ctx, db, "SELECT message_id FROM journeys WHERE sender IN (?) AND hop_count >= ? ORDER BY message_id",
			[]string{"eve@elsewhere.example", "it's \\ nobody"}, 1),
		"times": rows(ctx, db, "SELECT count() FROM journeys WHERE first_event_at >= toDateTime(?) AND first_event_at <= toDateTime(?)",
			int64(1772445600), int64(1772446199)),
		// what the plugin's query builder asks for
		"version":   rows(ctx, db, "SELECT version()"),
		"databases": rows(ctx, db, "SELECT name FROM system.databases WHERE name = 'hoptime'"),
		"tables":    rows(ctx, db, "SELECT database, name FROM system.tables WHERE database = 'hoptime' ORDER BY database, name"),
		"columns":   rows(ctx, db, "SELECT name, type FROM system.columns WHERE (database, table) IN (('hoptime', 'hops')) ORDER BY position LIMIT 4"),
		"describe":  len(rows(ctx, db, `DESCRIBE TABLE "hoptime"."journeys"`)),
		"errors": []any{
			code(ctx, db, "SELECT * FROM nowhere"), code(ctx, db, "SELEC 1"), code(ctx, db, "SELECT no_column FROM journeys"),
			code(ctx, db, "DROP TABLE journeys"),
		},
	}
	many, err := db.QueryContext(ctx, asked.Many)
	must(err)
	var count, sum uint64
	for many.Next() {
		var number uint64
		var text string
		must(many.Scan(&number, &text))
		if text != fmt.Sprint(number) {
			panic(text)
		}
		count++
		sum += number
	}
	must(many.Err())
	answers["many"] = []uint64{count, sum}
	return answers
}

func rows(ctx context.Context, db *sql.DB, query string, arguments ...any) [][]any {
	result, err := db.QueryContext(ctx, query, arguments...)
	must(err)
	defer result.Close()
	names, err := result.Columns()
	must(err)
	all := [][]any{}
	for result.Next() {
		row := make([]any, len(names))
		targets := make([]any, len(names))
		for i := range row {
			targets[i] = &row[i]
		}
		must(result.Scan(targets...))
		for i, value := range row {
			row[i] = plain(value)
		}
		all = append(all, row)
	}
	must(result.Err())
	return all
}

// What JSON can say: times in UTC with milliseconds, 64-bit integers as text.
func plain(value any) any {
	switch value := value.(type) {
	case time.Time:
		return value.UTC().Format("2006-01-02T15:04:05.000")
	case *time.Time:
		if value == nil {
			return nil
		}
		return plain(*value)
	case []uint8:
		numbers := make([]int, len(value))
		for i, number := range value {
			numbers[i] = int(number)
		}
		return numbers
	case fmt.Stringer:
		return value.String()
	case uint64, int64:
		return fmt.Sprint(value)
	case *int64:
		if value == nil {
			return nil
		}
		return fmt.Sprint(*value)
	}
	return value
}

func code(ctx context.Context, db *sql.DB, query string) any {
	result, err := db.QueryContext(ctx, query)
	if err == nil {
		result.Close()
		return "no failure"
	}
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return exception.Code
	}
	return err.Error()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		panic(err)
	}
}
