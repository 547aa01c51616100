package mesh

import (
	"fmt"
	"strings"
)

// accessKey is one thing that a principal gets through a subscription.
type accessKey struct{ principal, object string }

// refuseRepeatedAccess refuses a product that reaches a principal in two ways: the
// grants would be the same ones, or the wider subscription would undo the limits
// of the narrower.
func (c *subscriptionChecker) refuseRepeatedAccess() {
	first := map[accessKey]int{}
	for i, s := range c.subscriptions {
		seen := map[string]bool{}
		for j, name := range s.Principals {
			key := accessKey{name, s.Product}
			other, taken := first[key]
			switch {
			case seen[name]: // reported by subscribers
			case taken:
				c.addf(at("subscriptions", i, "principals", j), fmt.Sprintf("%q, who reads %s through %s already", name, s.Product, at("subscriptions", other)), "one subscription for each principal and product", "join the two: together they would show what neither says alone")
			default:
				first[key] = i
			}
			seen[name] = true
		}
	}
}

// refuseSharedDatabases refuses a principal that reads products of one zone of a domain
// for two consumers: the grant on the zone's database would stand in the stacks
// of both, and Lake Formation keeps it once (rule 2.4).
func (c *subscriptionChecker) refuseSharedDatabases() {
	first := map[accessKey]int{}
	for i, s := range c.subscriptions {
		producer, name := s.producer()
		k := c.contracts[productName{producer, name}]
		if k == nil {
			continue
		}
		zone := string(k.Zone.OrDefault())
		for j, principal := range s.Principals {
			key := accessKey{principal, producer + "/" + zone}
			other, taken := first[key]
			if !taken {
				first[key] = i
				continue
			}
			earlier := c.subscriptions[other]
			if earlier.Consumer == s.Consumer || earlier.Product == s.Product {
				continue
			}
			c.addf(at("subscriptions", i, "principals", j),
				fmt.Sprintf("%q, who reads zone %s of %s for domain %s already (%s)", principal, zone, producer, earlier.Consumer, at("subscriptions", other)),
				"one consumer for each principal and zone of a domain, as Lake Formation keeps one grant on its database",
				"subscribe for one consumer, or give the principal two roles")
		}
	}
}

// refuseJobCircles refuses domains whose jobs read each other in a circle: what
// one writes comes back to it, so neither can be rebuilt without the other and a
// mistake never leaves. People may read in both directions. To read tokens of a person index
// returns nothing: its sources are there before tokens (refuseComposedCircles).
func (c *subscriptionChecker) refuseJobCircles() {
	reads := map[string][]string{} // producers by consumer
	var edges []int
	for i, s := range c.subscriptions {
		producer, name := s.producer()
		if personIndexOf(c.contracts[productName{producer, name}]) != nil {
			continue
		}
		for _, name := range s.Principals {
			if name == JobPrincipal(s.Consumer) && producer != s.Consumer {
				reads[s.Consumer] = append(reads[s.Consumer], producer)
				edges = append(edges, i)
			}
		}
	}
	reported := map[string]bool{}
	for _, i := range edges {
		s := c.subscriptions[i]
		producer, _ := s.producer()
		way := wayBack(reads, producer, s.Consumer)
		if way == nil || reported[s.Consumer] && reported[producer] {
			continue
		}
		for _, domain := range way {
			reported[domain] = true
		}
		circle := append([]string{s.Consumer}, way...)
		c.addf(at("subscriptions", i, "product"),
			"jobs that read in a circle: "+strings.Join(circle, " reads "),
			"jobs that read in one direction, as data that returns to its origin cannot be rebuilt or corrected",
			"take the job role out of one of these subscriptions, or move what both need into a domain of its own")
	}
}

// wayBack is the shortest way from one domain to another along what jobs read,
// both included, or nil.
func wayBack(reads map[string][]string, from, to string) []string {
	ways := [][]string{{from}}
	seen := map[string]bool{from: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if last == to {
			return way
		}
		for _, next := range reads[last] {
			if !seen[next] {
				seen[next] = true
				ways = append(ways, append(append([]string(nil), way...), next))
			}
		}
	}
	return nil
}
