package report

// texts numbers texts, so that data says each of them once.
type texts struct {
	all    []string
	number map[string]int
}

func newTexts() *texts { return &texts{all: []string{}, number: map[string]int{}} }

// of returns the number of a text.
func (t *texts) of(text string) int {
	n, known := t.number[text]
	if !known {
		n = len(t.all)
		t.number[text] = n
		t.all = append(t.all, text)
	}
	return n
}

// ofAll returns the numbers of several texts.
func ofAll[T ~string](t *texts, in []T) []int {
	out := make([]int, len(in))
	for i, text := range in {
		out[i] = t.of(string(text))
	}
	return out
}

// shared numbers values that are the same by a key, so that data says each of them once.
type shared[T any] struct {
	all    []T
	number map[string]int
}

func newShared[T any]() *shared[T] { return &shared[T]{all: []T{}, number: map[string]int{}} }

// of returns the number of a value.
func (s *shared[T]) of(key string, value func() T) int {
	n, known := s.number[key]
	if !known {
		n = len(s.all)
		s.number[key] = n
		s.all = append(s.all, value())
	}
	return n
}
